import { formatAge } from "#app/_ui/format.ts";

const hourMs = 3_600_000;

/** `42 min`, and from an hour on the minutes too: `1 h 52 min`. Seconds beside minutes only make a page restless. */
export function ageWords(ms: number): string {
  return formatAge(ms, { units: ms >= hourMs ? 2 : 1 });
}
