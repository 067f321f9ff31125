import { type AppError, errorTable, toAppError } from "#core/kernel/errors.ts";
import type { Logger } from "#core/kernel/logger.ts";

export type LogFailure = ReturnType<typeof createFailureLog>;

/**
 * A line for what somebody is answered with a failure, by the level of its code. One that passes here twice, on its way
 * from an operation through a door, leaves one line.
 * @returns the failure as what every door answers with.
 */
export function createFailureLog(log: Logger) {
  const told = new WeakSet<AppError>();
  return (thrown: unknown, about: { requestId: string; operation?: string }, message: string): AppError => {
    const failure = toAppError(thrown);
    if (told.has(failure)) return failure;
    told.add(failure);
    log[errorTable[failure.code].logLevel]({ ...about, code: failure.code, err: failure }, message);
    return failure;
  };
}
