import { evaluate } from "#core/access/contract.ts";
import type { TicketService } from "#core/access/index.ts";
import type { AuditService } from "#core/audit/index.ts";
import { keyLabel } from "#core/contents/index.ts";
import type { ActContext } from "#core/db/index.ts";
import { AppError } from "#core/kernel/errors.ts";
import { type Caller, defineOperation, holderId } from "#core/kernel/operation.ts";
import type { Place } from "#core/kernel/permission.ts";
import type { SnapshotService } from "#core/snapshots/index.ts";
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
  snapshots: SnapshotService;
  tickets: TicketService;
}) {
  const { comparisons, audit, snapshots, tickets } = deps;
  const targetOf = (id: string) => {
    const { a, b } = comparisons.get(id);
    const label = `${nameOf(a)} and ${nameOf(b)}`;
    const [first, second = null] = [a.snapshotId, b.snapshotId].filter((one) => one !== null);
    return { kind: "comparison", id: first ?? null, label, snapshotId: second, places: [a, b].map(toPlace) };
  };
  const placeOf = (side: Side) =>
    "snapshotId" in side ? snapshots.placeOf(side.snapshotId) : Promise.resolve(toPlace(side));
  const seenWith = "snapshot.read" as const;
  const reading = {
    seenWith,
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
      seenWith,
      target: async (_context: ActContext, input) => {
        const [first, second = null] = [input.a, input.b].flatMap((side) =>
          "snapshotId" in side ? [side.snapshotId] : [],
        );
        const label = `${wordsOf(input.a)} and ${wordsOf(input.b)}`;
        const places = [await placeOf(input.a), await placeOf(input.b)];
        return { kind: "snapshot", id: first ?? null, label, snapshotId: second, places };
      },
      run: async (context: ActContext, input) => {
        for (const side of [input.a, input.b])
          if (!("snapshotId" in side)) mayTake(context.caller, toPlace(side));
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
      audit: "read",
      auditAction: "snapshot.values",
      detail: (input) => `key ${keyLabel(input.keyId)}, in both`,
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
      seenWith,
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
      seenWith,
      target: (_context: ActContext, input) => targetOf(input.id),
      run: async (context: ActContext, input) => {
        const userId = holderId(context.caller);
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

type Side = { snapshotId: string } | { clusterId: string; datacenter: string };

/** A live side takes a snapshot, which is more than reading. */
function mayTake(caller: Caller, place: Place): void {
  if (caller.kind === "system") return;
  const verdict = evaluate(caller, "snapshot.take", [place]);
  if (!verdict.allowed) throw new AppError({ code: "forbidden", userMessage: `${verdict.reason}.` });
}

function nameOf(side: { snapshotId: string | null; datacenter: string | null }): string {
  return side.snapshotId === null
    ? `${side.datacenter} now`
    : `${side.datacenter ?? "archive"}, ${side.snapshotId}`;
}

const toPlace = ({ clusterId, datacenter }: Place): Place => ({ clusterId, datacenter });

function wordsOf(side: Side): string {
  return "snapshotId" in side ? side.snapshotId : `${side.datacenter} now`;
}
