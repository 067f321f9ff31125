import type { DatacenterSummary } from "#core/snapshots/contract.ts";
import { extent, linearScale, linePath } from "../snapshots/_lib/chart-math.ts";

const width = 110;
const height = 24;

/** The size over the last weeks as a line without axes; the number beside it says the same in words. */
export function Spark({ sizes }: { sizes: DatacenterSummary["sizes"] }) {
  const points = sizes
    .map((size) => ({ atMs: Date.parse(size.takenAt), value: size.archiveBytes }))
    .sort((a, b) => a.atMs - b.atMs);
  const last = points.at(-1);
  if (!last || points.length < 2) return null;
  const x = linearScale(extent(points.map((point) => point.atMs)), [1, width - 3]);
  const y = linearScale(extent(points.map((point) => point.value)), [height - 3, 3]);
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden="true"
      style={{ color: "var(--cat-1)" }}
    >
      <path
        d={linePath(points, x, y)}
        fill="none"
        stroke="currentColor"
        strokeWidth={1.5}
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      <circle cx={x(last.atMs)} cy={y(last.value)} r={2.2} fill="currentColor" />
    </svg>
  );
}
