"use client";

import { type PointerEvent, useState } from "react";
import { formatNumber } from "#app/_ui/format.ts";
import { utcDate, utcMinute } from "#app/_ui/format-time.ts";
import {
  type Bucket,
  compactCount,
  linearScale,
  niceTicks,
  outlierLimit,
  timeTicks,
} from "../../_lib/chart-math.ts";
import classes from "./charts.module.css";
import { plotHeight, type Span, TimeAxis, Tip, ticksFitting } from "./plot.tsx";

const top = 14;
const bottom = 96;
const left = 52;
const right = 62;

type Props = {
  name: string;
  buckets: Bucket[];
  widthMs: number;
  widthWords: string;
  span: Span;
  width: number;
};

/** How many raft entries were committed in each stretch of time; a burst is a change worth a look. */
export function IndexAdvance({ name, buckets, widthMs, widthWords, span, width }: Props) {
  const [hover, setHover] = useState<Bucket | null>(null);
  const high = Math.max(1, ...buckets.map((bucket) => bucket.advance));
  const x = linearScale([span.fromMs, span.toMs], [left, width - right]);
  const y = linearScale([0, high], [bottom, top]);
  const ticks = timeTicks(span.fromMs, span.toMs, ticksFitting(width - left - right));
  const today = advanceToday(buckets, span.toMs);

  function onMove(event: PointerEvent<SVGSVGElement>) {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left - left) / (width - left - right);
    const at = span.fromMs + share * (span.toMs - span.fromMs);
    setHover(buckets.find((bucket) => at >= bucket.fromMs && at < bucket.fromMs + widthMs) ?? null);
  }

  return (
    <>
      <svg
        className={classes.chart}
        viewBox={`0 0 ${width} ${plotHeight}`}
        role="img"
        aria-label={`Raft index advance of ${name}, ${widthWords}: at most ${formatNumber(Math.round(high))}, today ${formatNumber(today)}`}
        onPointerMove={onMove}
        onPointerLeave={() => setHover(null)}
      >
        <ValueAxis high={high} y={y} width={width} />
        <Bars buckets={buckets} hover={hover} x={x} y={y} widthMs={widthMs} />
        <TimeAxis ticks={ticks.at} stepMs={ticks.stepMs} span={span} x={x} y={112} />
        <Today advance={today} x={width - right + 6} />
      </svg>
      {hover && (
        <Tip leftPx={x(hover.fromMs)} width={width}>
          +{formatNumber(Math.round(hover.advance))} entries
          <br />
          <span>
            {utcDate(hover.fromMs, span.toMs)} {utcMinute(hover.fromMs)} to{" "}
            {utcMinute(hover.fromMs + widthMs)}
          </span>
        </Tip>
      )}
    </>
  );
}

function ValueAxis({ high, y, width }: { high: number; y: (advance: number) => number; width: number }) {
  return niceTicks(high, 3).map((tick) => (
    <g key={tick}>
      <path className={classes.grid} d={`M${left} ${y(tick).toFixed(1)}H${width - right}`} />
      <text x={left - 8} y={(y(tick) + 4).toFixed(1)} textAnchor="end">
        {tick === 0 ? "0" : `+${compactCount(tick)}`}
      </text>
    </g>
  ));
}

function Today({ advance, x }: { advance: number; x: number }) {
  return (
    <>
      <text className={classes.label} x={x} y={44}>
        +{compactCount(advance)}
      </text>
      <text x={x} y={57}>
        today
      </text>
    </>
  );
}

type BarsProps = {
  buckets: Bucket[];
  hover: Bucket | null;
  x: (ms: number) => number;
  y: (advance: number) => number;
  widthMs: number;
};

function Bars({ buckets, hover, x, y, widthMs }: BarsProps) {
  const strongAbove = outlierLimit(buckets);
  const barWidth = Math.max(1, x(widthMs) - x(0) - 1.3).toFixed(1);
  return buckets.map((bucket) => {
    const strong = bucket.advance > strongAbove || bucket === hover;
    // A stretch that moved at all keeps a pixel, so that it differs from one that stood still.
    const height = bucket.advance > 0 ? Math.max(1, bottom - y(bucket.advance)) : 0;
    return (
      <rect
        key={bucket.fromMs}
        className={strong ? classes.barStrong : classes.bar}
        x={x(bucket.fromMs).toFixed(1)}
        y={(bottom - height).toFixed(1)}
        width={barWidth}
        height={height.toFixed(1)}
        rx={1}
      />
    );
  });
}

const dayMs = 86_400_000;

function advanceToday(buckets: readonly Bucket[], nowMs: number): number {
  const midnight = Math.floor(nowMs / dayMs) * dayMs;
  const sum = buckets.reduce((total, bucket) => total + (bucket.fromMs >= midnight ? bucket.advance : 0), 0);
  return Math.round(sum);
}
