"use client";

import type { ReactNode } from "react";
import { utcDate, utcMinute } from "#app/_ui/format-time.ts";
import type { Scale } from "../../_lib/chart-math.ts";
import classes from "./charts.module.css";

export type Span = { fromMs: number; toMs: number };

export const plotHeight = 118;

/** How many labels of the time axis fit beside each other. */
export function ticksFitting(plotWidth: number): number {
  return Math.max(2, Math.floor(plotWidth / 84));
}

export function tickLabel(atMs: number, stepMs: number, span: Span): string {
  return stepMs < 86_400_000 ? utcMinute(atMs) : utcDate(atMs, span.toMs);
}

/** Labels of the time axis, each kept inside the drawing at its edges. */
export function TimeAxis({
  ticks,
  stepMs,
  span,
  x,
  y,
}: {
  ticks: number[];
  stepMs: number;
  span: Span;
  x: Scale;
  y: number;
}) {
  return ticks.map((at) => (
    <text key={at} x={x(at).toFixed(1)} y={y} textAnchor="middle">
      {tickLabel(at, stepMs, span)}
    </text>
  ));
}

/** The words beside the pointer; it flips sides so that it never leaves the plot. */
export function Tip({ leftPx, width, children }: { leftPx: number; width: number; children: ReactNode }) {
  const side = leftPx > width / 2 ? { right: width - leftPx + 12 } : { left: leftPx + 12 };
  return (
    <div className={classes.tip} style={side} aria-hidden>
      {children}
    </div>
  );
}
