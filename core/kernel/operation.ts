import type { z } from "zod";
import { AppError } from "./errors.ts";
import type { Grant, Permission, Place } from "./permission.ts";

/**
 * What somebody holds. `within` is what the maker of an API token holds at this moment: the token may what both
 * may, so that it never outlives its maker's rights.
 */
export type Rights = { grants: readonly Grant[]; within?: readonly Grant[] };

/** Who asks. `system` is Snapkeep itself (start-up, recovery, schedules) and the command line of the machine. */
export type Caller =
  | ({
      kind: "person";
      userId: string;
      name: string;
      /** The strongest of the roles, for screens and for the audit log. */
      role: string;
      sessionId: string;
      /** "password", "password and code", "passkey", or the provider's name. */
      signedInWith: string;
    } & Rights)
  | ({
      kind: "token";
      tokenId: string;
      name: string;
      role: string;
      /** The person who made it; null: it was made on the command line. */
      makerId: string | null;
    } & Rights)
  | { kind: "system"; name: string };

export type Person = Extract<Caller, { kind: "person" }>;
/** Whoever may hold a ticket: a person in a browser, or a program with its token. */
export type Holder = Exclude<Caller, { kind: "system" }>;

/** The id that a ticket is bound to. @throws AppError `forbidden` for Snapkeep itself, which needs none. */
export function holderId(caller: Caller): string {
  if (caller.kind === "person") return caller.userId;
  if (caller.kind === "token") return caller.tokenId;
  throw new AppError({ code: "forbidden", userMessage: "Only a person or an API token can do this." });
}

/** The person behind a caller: a token counts as the one who made it. Null: nobody in particular. */
export function personOf(caller: Caller): string | null {
  switch (caller.kind) {
    case "person":
      return caller.userId;
    case "token":
      return caller.makerId;
    case "system":
      return null;
    default:
      return caller satisfies never;
  }
}

/** How and from where a request came; becomes part of every audit row. */
export type RequestContext = {
  requestId: string;
  /** The client's address, behind as many proxies as are configured; `local` for what Snapkeep does on its own. */
  address: string;
  userAgent: string | null;
  door: "action" | "route" | "stream" | "cli" | "system";
};

/** What an operation acts on, for the permission check and for the audit row. */
export type OperationTarget = {
  kind: string;
  id: string | null;
  /** Words for people: `dc1 in prod-us`, `s-7f3k…`. */
  label: string;
  /**
   * Where it is: the permission must hold in each of these. Without, it must hold somewhere, and `run` shows
   * only what the caller may see.
   */
  places?: readonly Place[];
  /** The snapshot that is touched, when the target is something else: its custody lists this act, too. */
  snapshotId?: string | null;
};

export type AuditMode =
  /** Looking leaves no row. */
  | "none"
  /** Looking at what is worth knowing who looked: one row after. */
  | "read"
  /** A change of our own records: the row commits in the same transaction. */
  | "change"
  /** An act on the outside: an intent row first, an outcome row after. */
  | "act"
  /** An act that goes on after the call: `run` hands the correlation id to the one who writes the outcome. */
  | "long-act";

/** The audited fields of a record, before and after a change; null when there was none or is none any more. */
export type Changes = { before: Record<string, unknown> | null; after: Record<string, unknown> | null };

/** What every audit row of one act has in common; a long act carries it to its outcome. */
export type ActSubject = {
  action: string;
  caller: Caller | null;
  request: RequestContext;
  target: Pick<OperationTarget, "id" | "label" | "places" | "snapshotId">;
  reason: string | null;
  correlationId: string;
  changes?: Changes | null;
};

/** What `run` gets besides its input. `Tx` is the open transaction that the audit row will commit with. */
export type OperationContext<Tx> = {
  caller: Caller;
  request: RequestContext;
  /** Joins the intent and the outcome of one act in the audit log. */
  correlationId: string;
  tx: Tx;
  subject: ActSubject;
  /** Where the caller may do this; null: everywhere. Lists show what lies within. */
  reach: readonly Place[] | null;
  /** Runs once everything is committed; never when it is not. */
  afterCommit(work: () => void): void;
  /** Says what changed. Only the fields of the operation's `auditFields` reach the log. */
  changed(before: object | null, after: object | null): void;
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
  /** The fields of a changed record that may stand in the log. Whatever isn't named here doesn't. */
  auditFields?: readonly string[];
  /**
   * What one must hold in the target's places to learn that it exists; who doesn't gets the answer of an unknown
   * id. Without, a refusal says so: what it acts on is no secret.
   */
  seenWith?: Permission;
  /** Loads what the operation acts on; throws `not_found` when it isn't there. */
  target(context: Context, input: z.output<Input>): Promise<OperationTarget> | OperationTarget;
  /** The reason a person gave, if this operation asks for one. */
  reason?(input: z.output<Input>): string | null;
  /** A few words beside the outcome in the audit log. */
  detail?(input: z.output<Input>): string;
  /** What has to hold and takes longer than a transaction may: asked right before `run`, outside of one. */
  before?(input: z.output<Input>): Promise<void>;
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
