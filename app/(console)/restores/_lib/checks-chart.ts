import { formatNumber } from "#app/_ui/format.ts";
import { utcTime } from "#app/_ui/format-time.ts";
import type { RestoreSample } from "#core/restore/contract.ts";
import { extent, linearScale, linePath, type Point, type Scale } from "../../snapshots/_lib/chart-math.ts";

export const chartWidth = 328;
export const chartHeight = 70;
const plotTop = 8;
const plotBottom = 44;
const rightGap = 4;

export type ChecksChart = {
  path: string;
  /** Where the whole line would be if all passed. */
  gridY: number;
  last: { x: number; y: number; value: number; total: number | null };
  /** The lowest value, where it is below the last one. */
  low: { x: number; value: number; textX: number } | null;
  /** The moment of applying, where it lies inside. */
  appliedX: number | null;
  appliedText: { x: number; anchor: "start" | "end" };
  fromAt: string;
  /** The same in a sentence. */
  text: string;
};

/** The passing checks since the restore; null until there are two samples to draw a line between. */
export function checksChart(samples: readonly RestoreSample[], appliedAt: string | null): ChecksChart | null {
  const known = samples.flatMap((sample) =>
    sample.checksPassing === null ? [] : [{ atMs: Date.parse(sample.at), value: sample.checksPassing }],
  );
  const [first] = known;
  const last = known.at(-1);
  if (first === undefined || last === undefined || known.length < 2) return null;
  const total = samples.findLast((sample) => sample.checksTotal !== null)?.checksTotal ?? null;
  const x = linearScale(extent(known.map((point) => point.atMs)), [0, chartWidth - rightGap]);
  const y = linearScale(valueRange(known, total), [plotBottom, plotTop]);
  const low = known.reduce((least, point) => (point.value < least.value ? point : least), first);
  const appliedX = appliedPlace(known, x, appliedAt);
  const appliedText = textBeside(appliedX ?? 0);
  const lowX = x(low.atMs);
  return {
    path: linePath(known, x, y),
    gridY: y(total ?? Math.max(...known.map((point) => point.value))),
    last: { x: x(last.atMs), y: y(last.value), value: last.value, total },
    low: low.value < last.value ? { x: lowX, value: low.value, textX: lowTextX(lowX, appliedX) } : null,
    appliedX,
    appliedText,
    fromAt: new Date(first.atMs).toISOString(),
    text: chartText(last, low, total),
  };
}

function appliedPlace(points: readonly Point[], x: Scale, appliedAt: string | null): number | null {
  if (appliedAt === null) return null;
  const atMs = Date.parse(appliedAt);
  const [from, to] = extent(points.map((point) => point.atMs));
  return atMs >= from && atMs <= to ? x(atMs) : null;
}

const wordWidth = 44;

/** The word stands left of its line as long as there is room. */
function textBeside(x: number): ChecksChart["appliedText"] {
  return x < wordWidth ? { x: x + 5, anchor: "start" } : { x: x - 5, anchor: "end" };
}

/** Right of the lowest point, and of the word that may stand there already; never over the edge. */
function lowTextX(lowX: number, appliedX: number | null): number {
  const taken = appliedX !== null && appliedX < wordWidth ? appliedX + wordWidth : 0;
  return Math.min(Math.max(lowX + 10, taken), chartWidth - 36);
}

/** Without any change the line stands at the top and not in the middle, since all is as it should be. */
function valueRange(points: readonly Point[], total: number | null): [number, number] {
  const [low, high] = extent(points.map((point) => point.value));
  const top = Math.max(high, total ?? high);
  return [low === top ? low - 1 : low, top];
}

function chartText(last: Point, low: Point, total: number | null): string {
  const of = total === null ? "" : ` of ${formatNumber(total)}`;
  const now = `${formatNumber(last.value)}${of} service checks pass now`;
  return low.value < last.value
    ? `${now}, lowest ${formatNumber(low.value)} at ${utcTime(low.atMs)}`
    : `${now}, no fewer since the restore`;
}
