import type { z } from "zod";
import { evaluate } from "#core/access/contract.ts";
import type { AuditService } from "#core/audit/index.ts";
import type { ActContext, Database, Tx } from "#core/db/index.ts";
import { AppError, errorTable, toAppError } from "#core/kernel/errors.ts";
import { newCorrelationId } from "#core/kernel/ids.ts";
import type { Logger } from "#core/kernel/logger.ts";
import type { ActSubject, Caller, Operation, RequestContext } from "#core/kernel/operation.ts";

// biome-ignore lint/suspicious/noExplicitAny: the registry holds operations of every input and output.
export type AnyOperation = Operation<string, any, any, ActContext>;

type Deps = { db: Database; audit: AuditService; log: Logger };

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
      const level = operation.audit === "none" ? "debug" : "info";
      log[level]({ operation: operation.name, requestId: request.requestId, durationMs }, "done");
      return output;
    } catch (error) {
      const failure = toAppError(error);
      const { logLevel } = errorTable[failure.code];
      log[logLevel](
        { operation: operation.name, requestId: request.requestId, code: failure.code, err: failure },
        "refused or failed",
      );
      throw failure;
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

async function perform(
  deps: Deps,
  operation: AnyOperation,
  caller: Caller,
  raw: unknown,
  request: RequestContext,
) {
  const subject = subjectOf(operation, caller, request);
  const later: (() => void)[] = [];
  const context = (tx: Tx): ActContext => ({
    caller,
    request,
    correlationId: subject.correlationId,
    tx,
    subject,
    afterCommit: (work) => later.push(work),
  });
  const verdict =
    caller.kind === "system" ? { allowed: true as const } : evaluate(caller.role, operation.permission);
  if (!verdict.allowed)
    return refuse(deps, operation, subject, context(deps.db.prisma), raw, `${verdict.reason}.`);

  const input: unknown = parseInput(operation, raw);
  subject.reason = operation.reason?.(input) ?? null;
  const target = await operation.target(context(deps.db.prisma), input);
  subject.target = { id: target.id, label: target.label };
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
  if (operation.audit !== "none") {
    if (parsed.success) {
      const target = await Promise.resolve(operation.target(context, parsed.data)).catch(() => null);
      if (target !== null) subject.target = { id: target.id, label: target.label };
    }
    await deps.audit.write(subject, "denied", reason);
  }
  throw new AppError({ code: "forbidden", userMessage: reason });
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
    case "change":
      return withFailureRow(deps, subject, () =>
        db.transaction(async (tx) => {
          const output = await operation.run(context(tx), input);
          await audit.write(subject, "ok", words, tx);
          return output;
        }),
      );
    case "act":
      await audit.write(subject, "intent", words);
      return withFailureRow(deps, subject, async () => {
        const output = await operation.run(context(db.prisma), input);
        await audit.write(subject, "ok", words);
        return output;
      });
    case "long-act":
      // The intent commits together with the row that the long act will work on.
      return withFailureRow(deps, subject, () =>
        db.transaction(async (tx) => {
          const output = await operation.run(context(tx), input);
          await audit.write(subject, "intent", words, tx);
          return output;
        }),
      );
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
