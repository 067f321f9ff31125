import type { z } from "zod";
import { AppError } from "./errors.ts";
import type { Permission } from "./permission.ts";

/** Who asks. `system` is Snapkeep itself: start-up, recovery, schedules. */
export type Caller =
  | { kind: "person"; userId: string; name: string; role: string; sessionId: string }
  | { kind: "system"; name: string };

/** @throws AppError `forbidden` for what only a person can do, such as opening a stream in a browser. */
export function personOf(caller: Caller): { userId: string; name: string } {
  if (caller.kind === "person") return { userId: caller.userId, name: caller.name };
  throw new AppError({ code: "forbidden", userMessage: "Only a person can do this." });
}

/** How and from where a request came; becomes part of every audit row. */
export type RequestContext = {
  requestId: string;
  /** The peer's address, or `local` for what Snapkeep does on its own. */
  address: string;
  userAgent: string | null;
  door: "action" | "route" | "stream" | "system";
};

/** What an operation acts on, for the permission check and for the audit row. */
export type OperationTarget = {
  kind: string;
  id: string | null;
  /** Words for people: `dc1 in prod-us`, `s-7f3k…`. */
  label: string;
  clusterId?: string | null;
  datacenter?: string | null;
};

export type AuditMode =
  /** Reading leaves no row. */
  | "none"
  /** A change of our own records: the row commits in the same transaction. */
  | "change"
  /** An act on the outside: an intent row first, an outcome row after. */
  | "act"
  /** An act that goes on after the call: `run` hands the correlation id to the one who writes the outcome. */
  | "long-act";

/** What every audit row of one act has in common; a long act carries it to its outcome. */
export type ActSubject = {
  action: string;
  caller: Caller | null;
  request: RequestContext;
  target: Pick<OperationTarget, "id" | "label">;
  reason: string | null;
  correlationId: string;
};

/** What `run` gets besides its input. `Tx` is the open transaction that the audit row will commit with. */
export type OperationContext<Tx> = {
  caller: Caller;
  request: RequestContext;
  /** Joins the intent and the outcome of one act in the audit log. */
  correlationId: string;
  tx: Tx;
  subject: ActSubject;
  /** Runs once everything is committed; never when it is not. */
  afterCommit(work: () => void): void;
};

/**
 * One thing that a person or a program can do. Doors know operations by name; they never check a
 * permission, parse an input or write an audit row themselves.
 */
export type Operation<Name extends string, Input extends z.ZodType, Output extends z.ZodType, Context> = {
  name: Name;
  input: Input;
  output: Output;
  /** null: every signed-in caller may. */
  permission: Permission | null;
  audit: AuditMode;
  /** The name of the act in the audit log, such as `snapshot.take`. */
  auditAction: string;
  /** Loads what the operation acts on; throws `not_found` when it isn't there. */
  target(context: Context, input: z.output<Input>): Promise<OperationTarget> | OperationTarget;
  /** The reason a person gave, if this operation asks for one. */
  reason?(input: z.output<Input>): string | null;
  /** A few words beside the outcome in the audit log. */
  detail?(input: z.output<Input>): string;
  run(context: Context, input: z.output<Input>): Promise<z.input<Output>>;
};

/** Keeps the literal types of an operation. */
export function defineOperation<
  Name extends string,
  Input extends z.ZodType,
  Output extends z.ZodType,
  Context,
>(operation: Operation<Name, Input, Output, Context>): Operation<Name, Input, Output, Context> {
  return operation;
}
