import type { Readable } from "node:stream";
import { evaluate } from "#core/access/contract.ts";
import { type Redeemed, type TicketKind, TicketRefused, type TicketService } from "#core/access/index.ts";
import { exportInput } from "#core/audit/contract.ts";
import { type AuditService, exportTypes } from "#core/audit/index.ts";
import type { ComparisonService } from "#core/comparisons/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError, toAppError } from "#core/kernel/errors.ts";
import { newCorrelationId } from "#core/kernel/ids.ts";
import { type ActSubject, type Holder, holderId, type RequestContext } from "#core/kernel/operation.ts";
import { everywhere, type Permission, type Place } from "#core/kernel/permission.ts";
import { lengthDiffers, type SnapshotService, sizeWords, uploadContext } from "#core/snapshots/index.ts";
import { createRefusalRows } from "./refusal-rows.ts";

const actions: Record<TicketKind, string> = {
  download: "snapshot.download",
  upload: "snapshot.upload",
  export: "snapshot.exportDifferences",
  "audit-export": "audit.export",
};
/** A text that goes out in pieces. */
type Export = {
  contentType: string;
  fileName: string;
  pieces: AsyncIterable<string>;
  /** Called once, however it ends. */
  finished: (sentBytes: number, complete: boolean) => Promise<unknown>;
};

/** What the byte streams of server/ need: redeem a ticket, move the bytes, write the outcome. */
export function createStreams(deps: {
  tickets: TicketService;
  snapshots: SnapshotService;
  comparisons: ComparisonService;
  audit: AuditService;
  clock: Clock;
}) {
  const { tickets, snapshots, comparisons, audit } = deps;
  const refusalRows = createRefusalRows(deps.clock);
  const subject = (
    action: string,
    caller: Holder,
    request: RequestContext,
    id: string | null,
    label: string,
    correlationId: string,
  ): ActSubject => ({
    action,
    caller,
    request,
    target: { id, label },
    reason: null,
    correlationId,
  });

  async function writeRefusal(about: ActSubject, error: unknown): Promise<void> {
    const { code, userMessage } = toAppError(error);
    await audit.write(about, code === "forbidden" ? "denied" : "failed", userMessage);
  }

  /** Opens a ticket, or tells the log whose hands it was in; whoever is signed in can't fill the log with that. */
  async function redeem(
    kind: TicketKind,
    text: string,
    caller: Holder,
    request: RequestContext,
    use = true,
  ): Promise<Redeemed> {
    try {
      return await tickets.redeem(kind, text, holderId(caller), use);
    } catch (error) {
      if (!(error instanceof TicketRefused)) throw error;
      const words = refusalRows.words(request.address, error.why);
      const { objectId } = error;
      const label = objectId ?? "a link";
      const about = subject(actions[kind], caller, request, objectId, label, newCorrelationId());
      if (words !== null) await audit.write(about, "denied", words);
      throw error;
    }
  }

  /** What still has to hold, and is there, when the ticket is used. Otherwise the log says what was refused. */
  async function stillTo<T>(about: ActSubject, open: () => T | Promise<T>): Promise<T> {
    try {
      return await open();
    } catch (error) {
      await writeRefusal(about, error);
      throw error;
    }
  }

  return {
    /**
     * @param use false for HEAD: the ticket stays good.
     * @throws AppError `ticket_invalid` or `not_found`.
     */
    async download(text: string, caller: Holder, request: RequestContext, use: boolean) {
      const ticket = await redeem("download", text, caller, request, use);
      const about = (label: string) =>
        subject("snapshot.download", caller, request, ticket.objectId, label, ticket.correlationId);
      const open = async () => {
        assertStill(caller, "snapshot.download", [await snapshots.placeOf(ticket.objectId)]);
        return snapshots.openArchive(ticket.objectId);
      };
      const archive = await open().catch(async (error: unknown) => {
        if (use) await writeRefusal(about(ticket.objectId), error);
        throw error;
      });
      const named = about(`${archive.datacenter ?? "archive"}, ${ticket.objectId}`);
      return {
        archive,
        /** Writes the outcome row; called once, however the download ends. */
        finished: (sentBytes: number, complete: boolean) =>
          audit.write(
            named,
            complete ? "ok" : "failed",
            complete ? sizeWords(sentBytes) : `broke off after ${sentBytes} bytes`,
          ),
      };
    },

    /** An archive for a HEAD: nothing is sent, so nothing is written down. */
    look: async (id: string) => ({
      archive: await snapshots.openArchive(id),
      finished: (_sentBytes: number, _complete: boolean) => Promise.resolve(0),
    }),

    /** The audit entries of a filter, in the format that was asked for. @throws AppError `ticket_invalid`. */
    async exportAudit(text: string, caller: Holder, request: RequestContext): Promise<Export> {
      const ticket = await redeem("audit-export", text, caller, request);
      const about = subject("audit.export", caller, request, null, "audit log", ticket.correlationId);
      const { format, ...filter } = await stillTo(about, () => {
        assertStill(caller, "audit.read", [everywhere]);
        return exportInput.parse(JSON.parse(ticket.contextJson));
      });
      return {
        contentType: exportTypes[format],
        fileName: `snapkeep-audit.${format}`,
        pieces: audit.export(filter, format),
        finished: (sentBytes, complete) =>
          audit.write(
            about,
            complete ? "ok" : "failed",
            complete ? sizeWords(sentBytes) : `broke off after ${sentBytes} bytes`,
          ),
      };
    },

    /** What a comparison found, as pieces of one JSON text. @throws AppError `ticket_invalid` or `not_found`. */
    async exportDifferences(text: string, caller: Holder, request: RequestContext): Promise<Export> {
      const { objectId, correlationId } = await redeem("export", text, caller, request);
      const about = subject("snapshot.exportDifferences", caller, request, objectId, objectId, correlationId);
      const { a, b, summary } = await stillTo(about, () => {
        const found = comparisons.get(objectId);
        assertStill(caller, "snapshot.read", [found.a, found.b]);
        return found;
      });
      return {
        contentType: "application/json; charset=utf-8",
        fileName: "differences.json",
        pieces: differences(JSON.stringify({ a, b, summary }).slice(0, -1), comparisons.rows(objectId)),
        // That it was asked for stands in the log since the ticket was given; only another end is told again.
        finished: async (sentBytes, complete) =>
          complete ? null : audit.write(about, "failed", `broke off after ${sentBytes} bytes`),
      };
    },

    /**
     * @param declaredBytes the Content-Length, null without one.
     * @throws AppError with the reason; nothing is left then.
     */
    async upload(
      text: string,
      caller: Holder,
      request: RequestContext,
      source: Readable,
      declaredBytes: number | null,
    ): Promise<{ id: string }> {
      const ticket = await redeem("upload", text, caller, request);
      const context = uploadContext.parse(JSON.parse(ticket.contextJson));
      const id = ticket.objectId;
      const about = subject("snapshot.upload", caller, request, id, context.fileName, ticket.correlationId);
      await stillTo(about, () => {
        assertStill(caller, "snapshot.upload", [context]);
        if (declaredBytes !== null && declaredBytes !== context.bytes)
          throw lengthDiffers(context.bytes, declaredBytes);
      });
      await snapshots.receiveUpload(
        {
          id,
          context,
          source,
          correlationId: ticket.correlationId,
          userId: caller.kind === "person" ? caller.userId : null,
        },
        about,
      );
      return { id };
    },
  };
}

async function* differences(head: string, rows: AsyncIterable<unknown>): AsyncGenerator<string> {
  let before = `${head},"differences":[\n`;
  for await (const row of rows) {
    yield before + JSON.stringify(row);
    before = ",\n";
  }
  yield before.endsWith("[\n") ? `${before}]}\n` : "\n]}\n";
}

/** A role may be taken away between the ticket and its use. @throws AppError `forbidden`. */
function assertStill(caller: Holder, permission: Permission, places: readonly Place[]): void {
  const verdict = evaluate(caller, permission, places);
  if (!verdict.allowed) throw new AppError({ code: "forbidden", userMessage: `${verdict.reason}.` });
}
