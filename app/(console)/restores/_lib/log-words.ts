import type { RestoreDetail } from "#core/restore/contract.ts";

/** `03:18:19.412  contents equal`, a line each; what is copied is what is read. */
export function logText(log: RestoreDetail["log"]): string {
  return log.map((line) => `${clock(line.at)}  ${line.text}`).join("\n");
}

/** The time of day in UTC with milliseconds, whatever form of ISO time it came in. */
function clock(at: string): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? at : date.toISOString().slice(11, 23);
}
