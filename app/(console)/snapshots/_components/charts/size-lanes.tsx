"use client";

import { type PointerEvent, useState } from "react";
import { formatBytes, formatBytesChange } from "#app/_ui/format.ts";
import { utcDate, utcMinute } from "#app/_ui/format-time.ts";
import {
  extent,
  linearScale,
  linePath,
  nearestPoint,
  type Point,
  type Scale,
  timeTicks,
} from "../../_lib/chart-math.ts";
import classes from "./charts.module.css";
import { type Lane, markAt } from "./lanes.ts";
import { plotHeight, type Span, TimeAxis, Tip, ticksFitting } from "./plot.tsx";

/** Shared by the lanes; three of them get 30 px each. */
const lanesHeight = 90;
const top = 4;
const left = 76;
const right = 76;
const seriesClasses = [classes.s0, classes.s1, classes.s2];

type Props = { lanes: Lane[]; span: Span; width: number };

/** Archive sizes, one lane per datacenter, each on its own scale. */
export function SizeLanes({ lanes, span, width }: Props) {
  const [hover, setHover] = useState<{ lane: Lane; point: Point } | null>(null);
  const x = linearScale([span.fromMs, span.toMs], [left, width - right]);
  const laneHeight = lanesHeight / Math.max(1, lanes.length);
  const bottom = top + lanesHeight;
  const ticks = timeTicks(span.fromMs, span.toMs, ticksFitting(width - left - right));

  function onMove(event: PointerEvent<SVGSVGElement>) {
    const box = event.currentTarget.getBoundingClientRect();
    const lane = lanes[Math.floor((event.clientY - box.top - top) / laneHeight)];
    const share = (event.clientX - box.left - left) / (width - left - right);
    const point = lane ? nearestPoint(lane.points, span.fromMs + share * (span.toMs - span.fromMs)) : null;
    setHover(lane && point ? { lane, point } : null);
  }

  return (
    <>
      <svg
        className={classes.chart}
        viewBox={`0 0 ${width} ${plotHeight}`}
        role="img"
        aria-label={describeLanes(lanes)}
        onPointerMove={onMove}
        onPointerLeave={() => setHover(null)}
      >
        {ticks.at.map((at) => (
          <path key={at} className={classes.grid} d={`M${x(at).toFixed(1)} ${top}V${bottom}`} />
        ))}
        <TimeAxis ticks={ticks.at} stepMs={ticks.stepMs} span={span} x={x} y={bottom + 15} />
        {lanes.map((lane, i) => (
          <LaneLine
            key={lane.key}
            lane={lane}
            order={i}
            laneHeight={laneHeight}
            span={span}
            x={x}
            width={width}
            hover={hover?.lane === lane ? hover.point : null}
          />
        ))}
      </svg>
      {hover && <PointTip {...hover} leftPx={x(hover.point.atMs)} width={width} nowMs={span.toMs} />}
    </>
  );
}

type TipProps = { lane: Lane; point: Point; leftPx: number; width: number; nowMs: number };

function PointTip({ lane, point, leftPx, width, nowMs }: TipProps) {
  return (
    <Tip leftPx={leftPx} width={width}>
      {lane.name} {formatBytes(point.value)}
      <br />
      <span>
        {utcDate(point.atMs, nowMs)} {utcMinute(point.atMs)}
      </span>
    </Tip>
  );
}

type LaneProps = {
  lane: Lane;
  order: number;
  laneHeight: number;
  span: Span;
  x: Scale;
  width: number;
  hover: Point | null;
};

function LaneLine({ lane, order, laneHeight, span, x, width, hover }: LaneProps) {
  const y0 = top + order * laneHeight;
  const middle = y0 + laneHeight / 2;
  const y = linearScale(laneDomain(lane), [y0 + laneHeight - 6, y0 + 5]);
  const first = lane.points[0];
  const last = lane.points.at(-1);
  const near = (ms: number): number => {
    const point = nearestPoint(lane.points, ms);
    return point ? y(point.value) : middle;
  };
  return (
    <g className={seriesClasses[order % seriesClasses.length]}>
      {order > 0 && <path className={classes.rule} d={`M16 ${y0}H${width - 16}`} />}
      <text className={classes.label} x={16} y={middle + 4}>
        {shorten(lane.name)}
        <title>{lane.name}</title>
      </text>
      <path className={classes.line} d={linePath(lane.points, x, y)} />
      {last && lane.points.length === 1 && (
        <circle className={classes.dot} cx={x(last.atMs)} cy={y(last.value)} r={3.5} />
      )}
      {marks(lane.staleDays, span).map((ms) => (
        <StaleMark key={ms} cx={x(ms)} cy={near(ms)} />
      ))}
      {marks(lane.failedDays, span).map((ms) => (
        <FailedMark key={ms} cx={x(ms)} cy={near(ms)} />
      ))}
      {hover && <circle className={classes.dot} cx={x(hover.atMs)} cy={y(hover.value)} r={4} />}
      {first && last && (
        <>
          <text className={classes.label} x={width - right + 10} y={middle - 1}>
            {formatBytes(last.value)}
          </text>
          {lane.points.length > 1 && (
            <text x={width - right + 10} y={middle + 11}>
              {formatBytesChange(last.value - first.value, { of: last.value })}
            </text>
          )}
        </>
      )}
    </g>
  );
}

export function StaleMark({ cx, cy }: { cx: number; cy: number }) {
  const d = `M${cx.toFixed(1)} ${(cy - 4.5).toFixed(1)}l4.5 4.5l-4.5 4.5l-4.5-4.5z`;
  return <path d={d} fill="var(--surface)" stroke="var(--warn-solid)" strokeWidth={1.75} />;
}

export function FailedMark({ cx, cy }: { cx: number; cy: number }) {
  const d = `M${(cx - 3.5).toFixed(1)} ${(cy - 3.5).toFixed(1)}l7 7m0 -7l-7 7`;
  return (
    <g strokeLinecap="round" fill="none">
      <path d={d} stroke="var(--surface)" strokeWidth={5} />
      <path d={d} stroke="var(--bad-solid)" strokeWidth={2} />
    </g>
  );
}

const marks = (days: readonly number[], span: Span): number[] =>
  days.map((day) => markAt(day, span)).filter((ms) => ms !== null);

/** At least 1 % of the size from bottom to top: a change of four bytes is not a slope. */
function laneDomain(lane: Lane): [number, number] {
  const [low, high] = extent(lane.points.map((point) => point.value));
  const missing = high * 0.01 - (high - low);
  return missing > 0 ? [low - missing / 2, high + missing / 2] : [low, high];
}

const shorten = (name: string): string => (name.length > 9 ? `${name.slice(0, 8)}…` : name);

function describeLanes(lanes: readonly Lane[]): string {
  const words = lanes.map((lane) => {
    const first = lane.points[0];
    const last = lane.points.at(-1);
    const marks = [
      lane.staleDays.length > 0 ? `stale on ${lane.staleDays.length} days` : "",
      lane.failedDays.length > 0 ? `failed on ${lane.failedDays.length} days` : "",
    ].filter((part) => part !== "");
    const sizes = first && last ? [`from ${formatBytes(first.value)} to ${formatBytes(last.value)}`] : [];
    return `${lane.name} ${[...sizes, ...marks].join(", ")}`;
  });
  return `Archive size per datacenter, each on its own scale: ${words.join("; ")}`;
}
