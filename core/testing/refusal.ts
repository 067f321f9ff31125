import { isAppError } from "#core/kernel/errors.ts";

/** What a refused call says, as `code: words`; "ok" where it wasn't refused. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "ok";
  } catch (error) {
    return isAppError(error) ? `${error.code}: ${error.userMessage}` : `fault: ${String(error)}`;
  }
}
