import type { z } from "zod";
import type { Tx } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { newRequestId } from "#core/kernel/ids.ts";
import type { ActSubject, Caller } from "#core/kernel/operation.ts";
import { type AuditOutcome, type AuditPage, type auditListInput, auditOutcomes } from "./contract.ts";
import type { createAuditStore } from "./store.ts";

export type AuditSubject = ActSubject;

const actorKinds = ["person", "system"] as const;

export type AuditService = ReturnType<typeof createAuditService>;

/** Writes and reads the audit log. No row, no act: a failed write is thrown, never swallowed. */
export function createAuditService(deps: { store: ReturnType<typeof createAuditStore>; clock: Clock }) {
  return {
    /** @param detail a few words beside the outcome; never holds a secret. */
    write(
      subject: AuditSubject,
      outcome: AuditOutcome,
      detail: string | null = null,
      tx?: Tx,
    ): Promise<number> {
      return deps.store.append(
        { at: new Date(deps.clock.nowMs()), ...actor(subject.caller), ...common(subject), outcome, detail },
        tx,
      );
    },

    /** Acts without an outcome, each as what to write its outcome with: acts under way, and what a crash cut off. */
    async openActs(): Promise<AuditSubject[]> {
      const intents = await deps.store.openIntents();
      return intents.map((row) => ({
        action: row.action,
        caller: { kind: "system", name: "restart" },
        request: { requestId: newRequestId(), address: "local", userAgent: null, door: "system" },
        target: { id: row.targetId, label: row.target },
        reason: row.reason,
        correlationId: row.correlationId,
      }));
    },

    async list(input: z.output<typeof auditListInput>): Promise<AuditPage> {
      const { rows, total, more } = await deps.store.list(input);
      const entries = rows.map(({ actorId: _, ...row }) => ({
        ...row,
        at: row.at.toISOString(),
        actorKind: actorKinds.find((known) => known === row.actorKind) ?? ("unknown" as const),
        outcome: auditOutcomes.find((known) => known === row.outcome) ?? ("unknown" as const),
      }));
      return { rows: entries, total, nextBefore: more ? (entries.at(-1)?.entry ?? null) : null };
    },
  };
}

function actor(caller: Caller | null) {
  if (caller === null)
    return { actorKind: "unknown" as const, actorId: null, actorName: "unknown", role: "none" };
  if (caller.kind === "system")
    return { actorKind: "system" as const, actorId: null, actorName: caller.name, role: "system" };
  return { actorKind: "person" as const, actorId: caller.userId, actorName: caller.name, role: caller.role };
}

function common(subject: AuditSubject) {
  return {
    address: subject.request.address,
    userAgent: subject.request.userAgent,
    door: subject.request.door,
    action: subject.action,
    target: subject.target.label,
    targetId: subject.target.id,
    reason: subject.reason,
    requestId: subject.request.requestId,
    correlationId: subject.correlationId,
  };
}
