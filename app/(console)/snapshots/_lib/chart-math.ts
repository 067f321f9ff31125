/** A value at a moment; both charts and the spark line draw from these. */
export type Point = { atMs: number; value: number };

export type Scale = (value: number) => number;

/** Maps a domain onto pixels. A domain without width maps to the middle, so that one point is still drawn. */
export function linearScale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [d0, d1] = domain;
  const [r0, r1] = range;
  if (d1 === d0) return () => (r0 + r1) / 2;
  return (value) => r0 + ((value - d0) / (d1 - d0)) * (r1 - r0);
}

/** An SVG path through the points; one decimal is a tenth of a pixel and keeps the markup small. */
export function linePath(points: readonly Point[], x: Scale, y: Scale): string {
  return points
    .map((point, i) => `${i === 0 ? "M" : "L"}${x(point.atMs).toFixed(1)} ${y(point.value).toFixed(1)}`)
    .join("");
}

export function extent(values: readonly number[]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low > high ? [0, 0] : [low, high];
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const tickSteps = [
  1 * minuteMs,
  5 * minuteMs,
  15 * minuteMs,
  30 * minuteMs,
  1 * hourMs,
  2 * hourMs,
  4 * hourMs,
  8 * hourMs,
  12 * hourMs,
  1 * dayMs,
  2 * dayMs,
  4 * dayMs,
  7 * dayMs,
  14 * dayMs,
  30 * dayMs,
];

/** Round UTC moments for the time axis, at most about `most` of them. */
export function timeTicks(fromMs: number, toMs: number, most: number): { stepMs: number; at: number[] } {
  const stepMs = tickSteps.find((step) => (toMs - fromMs) / step <= most) ?? 90 * dayMs;
  const at: number[] = [];
  for (let tick = Math.ceil(fromMs / stepMs) * stepMs; tick <= toMs; tick += stepMs) at.push(tick);
  return { stepMs, at };
}

/** Round steps (1, 2, 2.5 or 5 × 10ⁿ) from 0 up to `high`, without the top one when it would touch the edge. */
export function niceTicks(high: number, most: number): number[] {
  if (high <= 0) return [0];
  const rough = high / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  const whole = Math.max(1, step);
  const ticks: number[] = [];
  for (let at = 0; at <= high; at += whole) ticks.push(at);
  return ticks;
}

export type Bucket = { fromMs: number; advance: number };

/** The width of a bar for a span, so that there are about 40 to 90 of them. */
export function bucketWidthMs(spanMs: number): number {
  return tickSteps.find((step) => spanMs / step <= 90) ?? 90 * dayMs;
}

/** The cumulative value at a moment, in a straight line between its neighbours. */
function valueAt(points: readonly Point[], atMs: number): number | null {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last || atMs < first.atMs) return null;
  if (atMs >= last.atMs) return last.value;
  let low = 0;
  let high = points.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.atMs ?? 0) <= atMs) low = middle;
    else high = middle;
  }
  const a = points[low];
  const b = points[high];
  if (!a || !b || b.atMs === a.atMs) return a?.value ?? null;
  return a.value + ((atMs - a.atMs) / (b.atMs - a.atMs)) * (b.value - a.value);
}

/**
 * How far the raft index went in each bucket. Between two snapshots the advance is spread evenly, as nothing
 * is known about the time between them. An index that fell (another cluster under the same name) counts 0.
 */
export function advanceBuckets(
  points: readonly Point[],
  fromMs: number,
  toMs: number,
  widthMs: number,
): Bucket[] {
  const buckets: Bucket[] = [];
  for (let at = fromMs; at < toMs; at += widthMs) {
    const start = valueAt(points, Math.max(at, points[0]?.atMs ?? at));
    const end = valueAt(points, Math.min(at + widthMs, toMs));
    buckets.push({ fromMs: at, advance: start === null || end === null ? 0 : Math.max(0, end - start) });
  }
  return buckets;
}

/** Bars far above the usual are drawn strong: more than twice the median of those that moved. */
export function outlierLimit(buckets: readonly Bucket[]): number {
  const moved = buckets
    .map((bucket) => bucket.advance)
    .filter((advance) => advance > 0)
    .sort((a, b) => a - b);
  const median = moved[Math.floor(moved.length / 2)];
  return median === undefined || moved.length < 5 ? Number.POSITIVE_INFINITY : median * 2;
}

/** The point nearest in time, for the hover. */
export function nearestPoint(points: readonly Point[], atMs: number): Point | null {
  let best: Point | null = null;
  for (const point of points) {
    if (best === null || Math.abs(point.atMs - atMs) < Math.abs(best.atMs - atMs)) best = point;
  }
  return best;
}

/** `3.9k` or `840`: short numbers for an axis. */
export function compactCount(value: number): string {
  const units = [
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
  ] as const;
  const unit = units.find(([size]) => value >= size);
  if (!unit) return String(Math.round(value));
  const scaled = value / unit[0];
  return `${scaled >= 100 ? Math.round(scaled) : Number(scaled.toFixed(1))}${unit[1]}`;
}
