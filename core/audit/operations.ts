import { z } from "zod";
import type { ActContext, Tx } from "#core/db/index.ts";
import { defineOperation, holderId, type OperationTarget } from "#core/kernel/operation.ts";
import { everywhere } from "#core/kernel/permission.ts";
import {
  archiveInput,
  archiveReport,
  auditEntryDetail,
  auditEntryInput,
  auditFacets,
  auditListInput,
  auditPage,
  auditSegments,
  chainReport,
  custody,
  custodyInput,
  exportInput,
  exportTicket,
  lastChainReport,
} from "./contract.ts";
import type { AuditService } from "./service.ts";

/** What the export's stream finds in its ticket. */
export type AuditExportContext = z.output<typeof exportInput>;

export type AuditOperationDeps = {
  audit: AuditService;
  /** The snapshot as a target, with its places. Throws `not_found`. */
  placeOf: (snapshotId: string) => Promise<OperationTarget>;
  issueTicket: (
    ticket: {
      kind: "audit-export";
      objectId: string;
      userId: string;
      correlationId: string;
      context: AuditExportContext;
    },
    tx: Tx,
  ) => Promise<{ text: string; expiresAt: Date }>;
};

// Who reads the log reads all of it: what happened in one cluster can't be told from the rest by its rows.
const wholeLog = { kind: "audit", id: null, label: "audit log", places: [everywhere] };
const log = () => wholeLog;
const reading = { permission: "audit.read" as const, audit: "none" as const, target: log };

export function createAuditOperations(deps: AuditOperationDeps) {
  return { ...readingOperations(deps), ...keepingOperations(deps) };
}

function readingOperations({ audit, placeOf }: AuditOperationDeps) {
  return {
    "audit.list": defineOperation({
      name: "audit.list",
      input: auditListInput,
      output: auditPage,
      auditAction: "audit.list",
      ...reading,
      run: (_context: ActContext, input) => audit.list(input),
    }),
    "audit.get": defineOperation({
      name: "audit.get",
      input: auditEntryInput,
      output: auditEntryDetail,
      auditAction: "audit.get",
      ...reading,
      run: (_context: ActContext, input) => audit.get(input.entry),
    }),
    "audit.facets": defineOperation({
      name: "audit.facets",
      input: z.object({}),
      output: auditFacets,
      auditAction: "audit.facets",
      ...reading,
      run: (_context: ActContext) => audit.facets(),
    }),
    "audit.chain": defineOperation({
      name: "audit.chain",
      input: z.object({}),
      output: lastChainReport,
      auditAction: "audit.chain",
      ...reading,
      run: async (_context: ActContext) => ({ report: audit.lastReport() }),
    }),
    "audit.segments": defineOperation({
      name: "audit.segments",
      input: z.object({}),
      output: auditSegments,
      auditAction: "audit.segments",
      ...reading,
      run: async (_context: ActContext) => ({ segments: await audit.segments() }),
    }),
    "audit.custody": defineOperation({
      name: "audit.custody",
      input: custodyInput,
      output: custody,
      permission: "snapshot.read",
      audit: "none",
      auditAction: "audit.custody",
      seenWith: "snapshot.read",
      target: (_context: ActContext, input) => placeOf(input.id),
      run: async ({ reach }: ActContext, { id }) => {
        const found = await audit.custody(id);
        return reach === null
          ? found
          : { ...found, events: found.events.map((event) => ofThisAlone(event, id)) };
      },
    }),
  };
}

function keepingOperations({ audit, issueTicket }: AuditOperationDeps) {
  return {
    "audit.verify": defineOperation({
      name: "audit.verify",
      input: z.object({}),
      output: chainReport,
      permission: "audit.read",
      audit: "act",
      auditAction: "audit.verify",
      target: log,
      run: (_context: ActContext) => audit.verify(),
    }),
    "audit.export": defineOperation({
      name: "audit.export",
      input: exportInput,
      output: exportTicket,
      permission: "audit.read",
      audit: "long-act",
      auditAction: "audit.export",
      target: log,
      detail: exportWords,
      run: async (context: ActContext, input) => {
        const userId = holderId(context.caller);
        const { correlationId, tx } = context;
        const issued = await issueTicket(
          { kind: "audit-export", objectId: "audit", userId, correlationId, context: input },
          tx,
        );
        return { url: `/stream/audit-exports/${issued.text}`, expiresAt: issued.expiresAt.toISOString() };
      },
    }),
    "audit.archive": defineOperation({
      name: "audit.archive",
      input: archiveInput,
      output: archiveReport,
      permission: "audit.manage",
      audit: "act",
      auditAction: "audit.archive",
      target: log,
      detail: (input) => `keep ${input.keepDays} days`,
      run: (_context: ActContext, input) => audit.archive(input.keepDays),
    }),
  };
}

/**
 * What was compared with it, or where it was restored to, may be in a cluster that this reader must not know of, and a
 * row's words name both. Who may see everything reads them.
 */
function ofThisAlone<Event extends { action: string }>(event: Event, id: string): Event {
  return { ...event, target: event.action.startsWith("restore.") ? `a datacenter from ${id}` : id };
}

/** `csv, action=snapshot.take, outcome=denied`: what was taken out of the log. */
function exportWords({ format, ...filter }: AuditExportContext): string {
  const conditions = Object.entries(filter).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [`${name}=${value}`],
  );
  return [format, ...conditions].join(", ").slice(0, 500);
}
