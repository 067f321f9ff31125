import type { Readable } from "node:stream";
import { evaluate } from "#core/access/contract.ts";
import type { TicketService } from "#core/access/index.ts";
import { exportInput } from "#core/audit/contract.ts";
import { type AuditService, exportTypes } from "#core/audit/index.ts";
import type { ComparisonService } from "#core/comparisons/index.ts";
import { AppError, toAppError } from "#core/kernel/errors.ts";
import { type ActSubject, type Holder, holderId, type RequestContext } from "#core/kernel/operation.ts";
import { everywhere, type Permission, type Place } from "#core/kernel/permission.ts";
import { lengthDiffers, type SnapshotService, sizeWords, uploadContext } from "#core/snapshots/index.ts";

/** What the byte streams of server/ need: redeem a ticket, move the bytes, write the outcome. */
export function createStreams(deps: {
  tickets: TicketService;
  snapshots: SnapshotService;
  comparisons: ComparisonService;
  audit: AuditService;
}) {
  const { tickets, snapshots, comparisons, audit } = deps;
  const subject = (
    action: string,
    caller: Holder,
    request: RequestContext,
    id: string,
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

  return {
    /**
     * @param use false for HEAD: the ticket stays good.
     * @throws AppError `ticket_invalid` or `not_found`.
     */
    async download(text: string, caller: Holder, request: RequestContext, use: boolean) {
      const ticket = await tickets.redeem("download", text, holderId(caller), use);
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
    async exportAudit(text: string, caller: Holder) {
      const { contextJson } = await tickets.redeem("audit-export", text, holderId(caller));
      assertStill(caller, "audit.read", [everywhere]);
      const { format, ...filter } = exportInput.parse(JSON.parse(contextJson));
      return {
        contentType: exportTypes[format],
        fileName: `snapkeep-audit.${format}`,
        pieces: audit.export(filter, format),
      };
    },

    /** What a comparison found, as pieces of one JSON text. @throws AppError `ticket_invalid` or `not_found`. */
    async exportDifferences(text: string, caller: Holder): Promise<AsyncIterable<string>> {
      const { objectId } = await tickets.redeem("export", text, holderId(caller));
      const { a, b, summary } = comparisons.get(objectId);
      assertStill(caller, "snapshot.read", [a, b]);
      const head = JSON.stringify({ a, b, summary }).slice(0, -1);
      return (async function* () {
        let before = `${head},"differences":[\n`;
        for await (const row of comparisons.rows(objectId)) {
          yield before + JSON.stringify(row);
          before = ",\n";
        }
        yield before.endsWith("[\n") ? `${before}]}\n` : "\n]}\n";
      })();
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
      const ticket = await tickets.redeem("upload", text, holderId(caller));
      const context = uploadContext.parse(JSON.parse(ticket.contextJson));
      const id = ticket.objectId;
      const about = subject("snapshot.upload", caller, request, id, context.fileName, ticket.correlationId);
      try {
        assertStill(caller, "snapshot.upload", [context]);
        if (declaredBytes !== null && declaredBytes !== context.bytes)
          throw lengthDiffers(context.bytes, declaredBytes);
      } catch (error) {
        await writeRefusal(about, error);
        throw error;
      }
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

/** A role may be taken away between the ticket and its use. @throws AppError `forbidden`. */
function assertStill(caller: Holder, permission: Permission, places: readonly Place[]): void {
  const verdict = evaluate(caller, permission, places);
  if (!verdict.allowed) throw new AppError({ code: "forbidden", userMessage: `${verdict.reason}.` });
}
