import { AsyncLocalStorage } from "node:async_hooks";
import type { AppError } from "#core/kernel/errors.ts";

/** Somebody on their way in. */
export type Attempt = {
  /** How, for the session and the audit log: "password", "password and code", "passkey", the provider's name. */
  method: string;
  address: string;
  /** Asked before any session begins, whichever way it came. @returns why not, or null. */
  admit(userId: string): Promise<AppError | null>;
  /** Why no session began. */
  refusal: AppError | null;
};

/**
 * The attempt under way. The sign-in library begins sessions in the middle of its own work; there it asks here, so
 * that no session begins but through one of our doors.
 */
const attempts = new AsyncLocalStorage<Attempt>();

export const currentAttempt = () => attempts.getStore() ?? null;
export const withAttempt = <T>(attempt: Attempt, work: () => Promise<T>): Promise<T> =>
  attempts.run(attempt, work);
