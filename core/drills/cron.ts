import { Cron } from "croner";
import { AppError } from "#core/kernel/errors.ts";

const help =
  "Five fields are needed, in UTC: minute, hour, day of the month, month, day of the week, like 0 4 * * 1.";

/** Five fields in UTC. @throws AppError `invalid_input` with what is wrong. */
export function parseCron(text: string): Cron {
  const refuse = (words: string) =>
    new AppError({ code: "invalid_input", field: "cron", userMessage: `${words} ${help}` });
  if (text.trim().split(/\s+/).length !== 5) throw refuse(`${text} has not five fields.`);
  try {
    return new Cron(text, { timezone: "UTC", mode: "5-part", paused: true });
  } catch (error) {
    const said = error instanceof Error ? error.message.replace(/^CronPattern: /, "") : String(error);
    throw refuse(`${text} is no schedule: ${said.replace(/\.$/, "")}.`);
  }
}

/** @throws AppError `invalid_input` for one that can't be read, or whose time never comes (31 February). */
export function assertCron(text: string, now: Date): void {
  if (parseCron(text).nextRun(now) !== null) return;
  throw new AppError({ code: "invalid_input", field: "cron", userMessage: `${text} never comes.` });
}

export const nextAfter = (cron: string, now: Date): Date | null => parseCron(cron).nextRun(now);

/** The newest time that is due: at or before now. */
export function newestDue(cron: string, now: Date): Date | null {
  // What croner gives is before its reference, which it reads in whole seconds.
  const reference = new Date(Math.floor(now.getTime() / 1_000) * 1_000 + 1_000);
  return parseCron(cron).previousRuns(1, reference)[0] ?? null;
}
