import { evaluate } from "#core/access/contract.ts";
import type { TicketService } from "#core/access/index.ts";
import type { AuditService } from "#core/audit/index.ts";
import { keyLabel } from "#core/contents/index.ts";
import type { ActContext } from "#core/db/index.ts";
import { AppError } from "#core/kernel/errors.ts";
import { type Caller, defineOperation, personOf } from "#core/kernel/operation.ts";
import {
  comparison,
  comparisonRef,
  differencesInput,
  differencesPage,
  exportTicket,
  recordDifference,
  recordDifferenceInput,
  revealDifferenceInput,
  startInput,
  valueDifference,
  valueDifferenceInput,
} from "./contract.ts";
import type { ComparisonService } from "./service.ts";

export function createComparisonOperations(deps: {
  comparisons: ComparisonService;
  audit: AuditService;
  tickets: TicketService;
}) {
  const { comparisons, audit, tickets } = deps;
  const targetOf = (id: string) => {
    const { a, b } = comparisons.get(id);
    const label = `${nameOf(a)} and ${nameOf(b)}`;
    return { kind: "snapshot", id: a.snapshotId ?? b.snapshotId, label, datacenter: a.datacenter };
  };
  const reading = {
    audit: "none" as const,
    auditAction: "snapshot.compare",
    permission: "snapshot.read" as const,
  };

  return {
    "comparisons.start": defineOperation({
      name: "comparisons.start",
      input: startInput,
      output: comparisonRef,
      permission: "snapshot.read",
      audit: "long-act",
      auditAction: "snapshot.compare",
      target: (_context: ActContext, input) => {
        const [a, b] = [wordsOf(input.a), wordsOf(input.b)];
        const id = "snapshotId" in input.a ? input.a.snapshotId : null;
        return { kind: "snapshot", id, label: `${a} and ${b}` };
      },
      run: async (context: ActContext, input) => {
        if (!("snapshotId" in input.a && "snapshotId" in input.b)) mayTake(context.caller);
        const { id, begin } = await comparisons.start(input, context.caller.name, (outcome, words) =>
          audit.write(context.subject, outcome, words),
        );
        context.afterCommit(begin);
        return { id };
      },
    }),
    "comparisons.get": defineOperation({
      name: "comparisons.get",
      input: comparisonRef,
      output: comparison,
      ...reading,
      target: (_context: ActContext, input) => targetOf(input.id),
      run: async (_context: ActContext, input) => comparisons.get(input.id),
    }),
    "comparisons.differences": defineOperation({
      name: "comparisons.differences",
      input: differencesInput,
      output: differencesPage,
      ...reading,
      target: (_context: ActContext, input) => targetOf(input.id),
      run: (_context: ActContext, input) => comparisons.differences(input),
    }),
    "comparisons.value": defineOperation({
      name: "comparisons.value",
      input: valueDifferenceInput,
      output: valueDifference,
      ...reading,
      permission: "snapshot.values",
      target: (_context: ActContext, input) => targetOf(input.id),
      run: (_context: ActContext, input) => comparisons.value(input.id, input.keyId),
    }),
    "comparisons.record": defineOperation({
      name: "comparisons.record",
      input: recordDifferenceInput,
      output: recordDifference,
      ...reading,
      target: (_context: ActContext, input) => targetOf(input.id),
      run: (_context: ActContext, input) => comparisons.record(input.id, input.kind, input.identity),
    }),
    "comparisons.reveal": defineOperation({
      name: "comparisons.reveal",
      input: revealDifferenceInput,
      output: valueDifference,
      permission: "secret.reveal",
      audit: "act",
      auditAction: "secret.reveal",
      target: (_context: ActContext, input) => targetOf(input.id),
      reason: (input) => input.reason,
      detail: (input) => `key ${keyLabel(input.keyId)}, in both`,
      run: (_context: ActContext, input) => comparisons.reveal(input.id, input.keyId),
    }),
    "comparisons.export": defineOperation({
      name: "comparisons.export",
      input: comparisonRef,
      output: exportTicket,
      permission: "snapshot.read",
      audit: "change",
      auditAction: "snapshot.exportDifferences",
      target: (_context: ActContext, input) => targetOf(input.id),
      run: async (context: ActContext, input) => {
        const { userId } = personOf(context.caller);
        const { correlationId } = context;
        const issued = await tickets.issue(
          { kind: "export", objectId: input.id, userId, correlationId },
          context.tx,
        );
        return { url: `/stream/exports/${issued.text}`, expiresAt: issued.expiresAt.toISOString() };
      },
    }),
  };
}

/** A live side takes a snapshot, which is more than reading. */
function mayTake(caller: Caller): void {
  if (caller.kind === "system") return;
  const verdict = evaluate(caller.role, "snapshot.take");
  if (!verdict.allowed) throw new AppError({ code: "forbidden", userMessage: `${verdict.reason}.` });
}

function nameOf(side: { snapshotId: string | null; datacenter: string | null }): string {
  return side.snapshotId === null
    ? `${side.datacenter} now`
    : `${side.datacenter ?? "archive"}, ${side.snapshotId}`;
}

function wordsOf(side: { snapshotId: string } | { clusterId: string; datacenter: string }): string {
  return "snapshotId" in side ? side.snapshotId : `${side.datacenter} now`;
}
