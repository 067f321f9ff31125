import type { z } from "zod";
import { evaluate, type Reach, reachOf, type Verdict } from "#core/access/contract.ts";
import type { AuditService } from "#core/audit/index.ts";
import type { ActContext, Database, Tx } from "#core/db/index.ts";
import { AppError, noSuch, toAppError } from "#core/kernel/errors.ts";
import { newCorrelationId } from "#core/kernel/ids.ts";
import type { Logger } from "#core/kernel/logger.ts";
import type {
  ActSubject,
  Caller,
  Changes,
  Operation,
  OperationTarget,
  RequestContext,
} from "#core/kernel/operation.ts";
import type { Permission, Place } from "#core/kernel/permission.ts";
import type { LogFailure } from "./failure-log.ts";

// biome-ignore lint/suspicious/noExplicitAny: the registry holds operations of every input and output.
export type AnyOperation = Operation<string, any, any, ActContext>;

type Deps = { db: Database; audit: AuditService; log: Logger; logFailure: LogFailure };

/**
 * The one way to do anything: parse, load and authorise, audit the intent, run, audit the outcome, map
 * errors. Doors call this and nothing else.
 * @throws AppError always; logged here, by the level of its code.
 */
export function createExecute(deps: Deps) {
  const { log } = deps;

  return async function execute<Op extends AnyOperation>(
    operation: Op,
    caller: Caller | null,
    input: unknown,
    request: RequestContext,
  ): Promise<z.output<Op["output"]>> {
    const startedMs = performance.now();
    try {
      const output = await perform(deps, operation, signedIn(caller), input, request);
      const durationMs = Math.round(performance.now() - startedMs);
      const level = operation.audit === "none" || operation.audit === "read" ? "debug" : "info";
      log[level]({ operation: operation.name, requestId: request.requestId, durationMs }, "done");
      return output;
    } catch (error) {
      const about = { operation: operation.name, requestId: request.requestId };
      throw deps.logFailure(error, about, "refused or failed");
    }
  };
}

function signedIn(caller: Caller | null): Caller {
  if (caller !== null) return caller;
  throw new AppError({ code: "unauthenticated", userMessage: "Sign in to go on." });
}

function subjectOf(operation: AnyOperation, caller: Caller | null, request: RequestContext): ActSubject {
  return {
    action: operation.auditAction,
    caller,
    request,
    target: { id: null, label: operation.name },
    reason: null,
    correlationId: newCorrelationId(),
  };
}

function verdictOf(caller: Caller, permission: Permission | null, places: readonly Place[] | null): Verdict {
  return caller.kind === "system" ? { allowed: true } : evaluate(caller, permission, places);
}

function reachFor(caller: Caller, permission: Permission | null): Reach {
  return caller.kind === "system" || permission === null ? null : reachOf(caller, permission);
}

async function perform(
  deps: Deps,
  operation: AnyOperation,
  caller: Caller,
  raw: unknown,
  request: RequestContext,
) {
  const subject = subjectOf(operation, caller, request);
  const later: (() => void)[] = [];
  const reach = reachFor(caller, operation.permission);
  const context = (tx: Tx): ActContext => ({
    caller,
    request,
    correlationId: subject.correlationId,
    tx,
    subject,
    reach,
    afterCommit: (work) => later.push(work),
    changed: (before, after) => {
      subject.changes = pickChanges(operation.auditFields ?? [], before, after);
    },
  });
  // Whoever may nowhere learns nothing more, not even whether the input makes sense.
  const somewhere = verdictOf(caller, operation.permission, null);
  if (!somewhere.allowed) {
    return refuse(deps, operation, subject, context(deps.db.prisma), raw, `${somewhere.reason}.`);
  }

  const input: unknown = parseInput(operation, raw);
  subject.reason = operation.reason?.(input) ?? null;
  const target = await findTarget(deps, operation, subject, context(deps.db.prisma), input);
  await authorise(deps, operation, subject, target);
  const output = await runAudited(deps, operation, input, subject, context);
  for (const work of later) work();
  return operation.output.parse(output);
}

/** Writes the denied act with what it was aimed at, as far as the input tells. */
async function refuse(
  deps: Deps,
  operation: AnyOperation,
  subject: ActSubject,
  context: ActContext,
  raw: unknown,
  reason: string,
): Promise<never> {
  const parsed = operation.input.safeParse(raw);
  if (parsed.success) {
    const load = async () => operation.target(context, parsed.data);
    const target = await load().catch(() => null);
    if (target !== null) subject.target = target;
  }
  await deps.audit.write(subject, "denied", reason);
  throw new AppError({ code: "forbidden", userMessage: reason });
}

/** Loads the target. An unknown one is told apart from a forbidden one only in the audit log. */
async function findTarget(
  deps: Deps,
  operation: AnyOperation,
  subject: ActSubject,
  context: ActContext,
  input: unknown,
): Promise<OperationTarget> {
  try {
    const target = await operation.target(context, input);
    subject.target = target;
    return target;
  } catch (error) {
    const failure = toAppError(error);
    if (operation.audit !== "none" && failure.code === "not_found") {
      const id = (input as { id?: unknown } | null)?.id;
      if (typeof id === "string") subject.target = { id, label: id };
      await deps.audit.write(subject, "failed", failure.userMessage);
    }
    throw failure;
  }
}

/**
 * @throws AppError `not_found`, in the words of an unknown id, when the caller may not even know of the target;
 * `forbidden` when it may know and not do.
 */
async function authorise(
  deps: Deps,
  operation: AnyOperation,
  subject: ActSubject,
  target: OperationTarget,
): Promise<void> {
  const { caller } = subject;
  if (caller === null || target.places === undefined) return;
  const verdict = verdictOf(caller, operation.permission, target.places);
  if (verdict.allowed) return;
  await deps.audit.write(subject, "denied", `${verdict.reason}.`);
  const hidden =
    operation.seenWith !== undefined && !verdictOf(caller, operation.seenWith, target.places).allowed;
  throw hidden ? noSuch(target.kind) : new AppError({ code: "forbidden", userMessage: `${verdict.reason}.` });
}

/** Only the named fields, and of these only the ones that one of both sides has. */
function pickChanges(fields: readonly string[], before: object | null, after: object | null): Changes {
  const pick = (from: object | null) =>
    from === null
      ? null
      : Object.fromEntries(
          fields.filter((field) => field in from).map((field) => [field, from[field as never]]),
        );
  return { before: pick(before), after: pick(after) };
}

function parseInput(operation: AnyOperation, raw: unknown): unknown {
  const parsed = operation.input.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join(".");
  throw new AppError({
    code: "invalid_input",
    userMessage: issue?.message ?? "The input is wrong.",
    ...(field === undefined || field === "" ? {} : { field }),
  });
}

async function runAudited(
  deps: Deps,
  operation: AnyOperation,
  input: unknown,
  subject: ActSubject,
  context: (tx: Tx) => ActContext,
): Promise<unknown> {
  const { db, audit } = deps;
  const words = operation.detail?.(input) ?? null;
  switch (operation.audit) {
    case "none":
      return operation.run(context(db.prisma), input);
    case "read":
      return withFailureRow(deps, subject, async () => {
        const output = await operation.run(context(db.prisma), input);
        await audit.write(subject, "ok", words);
        return output;
      });
    case "change":
      return withFailureRow(deps, subject, async () => {
        await operation.before?.(input);
        return db.transaction(async (tx) => {
          const output = await operation.run(context(tx), input);
          await audit.write(subject, "ok", words, tx);
          return output;
        });
      });
    case "act":
      await audit.write(subject, "intent", words);
      return withFailureRow(deps, subject, async () => {
        const output = await operation.run(context(db.prisma), input);
        await audit.write(subject, "ok", words);
        return output;
      });
    case "long-act":
      // The intent commits together with the row that the long act will work on.
      return withFailureRow(deps, subject, async () => {
        await operation.before?.(input);
        return db.transaction(async (tx) => {
          const output = await operation.run(context(tx), input);
          await audit.write(subject, "intent", words, tx);
          return output;
        });
      });
    default:
      return operation.audit satisfies never;
  }
}

async function withFailureRow<T>(deps: Deps, subject: ActSubject, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const failure = toAppError(error);
    await deps.audit.write(subject, failure.code === "forbidden" ? "denied" : "failed", failure.userMessage);
    throw failure;
  }
}
