import type { TokenView } from "#core/tokens/contract.ts";

/** How long a new token lives, in days; null is for ever. The last one is chosen on purpose, never by default. */
export const lives = [
  { days: 30, label: "30 days" },
  { days: 90, label: "90 days" },
  { days: 365, label: "1 year" },
  { days: null, label: "Never ends" },
] as const;
export const lifeDaysDefault = 90;

const soonMs = 14 * 24 * 3_600_000;

/** Whether a token stops working within two weeks, so that somebody should make another one. */
export function endsSoon(token: TokenView, now: number): boolean {
  if (token.state !== "active" || token.expiresAt === null) return false;
  return Date.parse(token.expiresAt) - now < soonMs;
}

/** Those that are refused: nobody needs them on the screen all the time. */
export const isOver = (token: TokenView): boolean => token.state === "revoked" || token.state === "expired";

/** What to type to see that a token works. The text itself stays out of the shell's history. */
export function curlExample(origin: string): string {
  return `curl -H "Authorization: Bearer $SNAPKEEP_TOKEN" "${origin}/api/v1/snapshots?limit=5"`;
}
