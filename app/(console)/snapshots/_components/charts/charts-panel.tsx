"use client";

import { ActionIcon } from "@mantine/core";
import { IconChartLine, IconTable } from "@tabler/icons-react";
import { type ReactNode, useMemo, useState } from "react";
import { Panel } from "#app/_ui/panel.tsx";
import { useNow } from "#app/_ui/time.tsx";
import type { DatacenterSummary } from "#core/snapshots/contract.ts";
import { advanceBuckets, bucketWidthMs } from "../../_lib/chart-math.ts";
import type { HistoryFilters } from "../../_lib/filters.ts";
import { parseRange } from "../../_lib/range.ts";
import { useWidth } from "../../_lib/use-width.ts";
import { AdvanceTable, SizesTable } from "./chart-tables.tsx";
import classes from "./charts.module.css";
import { IndexAdvance } from "./index-advance.tsx";
import { type Lane, lanesMax, toLanes } from "./lanes.ts";
import type { Span } from "./plot.tsx";
import { FailedMark, SizeLanes, StaleMark } from "./size-lanes.tsx";

type Props = { datacenters: readonly DatacenterSummary[] | undefined; filters: HistoryFilters };

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const defaultSpanMs = 14 * 24 * hourMs;

/** Size and raft index over time. Both follow the filters for datacenter and time; the rest doesn't change them. */
export function ChartsPanel({ datacenters, filters }: Props) {
  // The end of the running minute: what was taken in it belongs on the chart too.
  const now = useNow(minuteMs) + minuteMs;
  const { lanes, span } = useMemo(() => plan(datacenters ?? [], filters, now), [datacenters, filters, now]);
  if (lanes.every((lane) => lane.points.length < 2)) return null;
  return (
    <Panel className={classes.panel} aria-label="Charts">
      <SizeHalf lanes={lanes} span={span} />
      <AdvanceHalf lanes={lanes} span={span} />
    </Panel>
  );
}

/** The span of the filter, else the last 14 days, cut to where the data begins so that a young history fills it. */
function plan(
  datacenters: readonly DatacenterSummary[],
  filters: HistoryFilters,
  now: number,
): { lanes: Lane[]; span: Span } {
  const range = parseRange(filters.taken, now);
  const toMs = Math.min(now, range?.toMs ?? now);
  const wanted = { fromMs: range?.fromMs ?? now - defaultSpanMs, toMs };
  const lanes = toLanes(datacenters, filters, wanted);
  const first = Math.min(...lanes.flatMap((lane) => lane.points[0]?.atMs ?? []), toMs - 10 * minuteMs);
  return { lanes, span: { fromMs: Math.max(wanted.fromMs, first), toMs } };
}

function SizeHalf({ lanes, span }: { lanes: Lane[]; span: Span }) {
  const shown = lanes.slice(0, lanesMax);
  const hasStale = shown.some((lane) => lane.staleDays.length > 0);
  const hasFailed = shown.some((lane) => lane.failedDays.length > 0);
  const caption =
    lanes.length > lanesMax
      ? `${lanesMax} of ${lanes.length} datacenters, each on its own scale`
      : "each on its own scale";
  return (
    <Half
      title="Archive size"
      caption={shown.length > 1 ? caption : ""}
      keys={
        <>
          {hasStale && (
            <span className={classes.key}>
              <svg width="11" height="11" viewBox="0 0 11 11" aria-hidden="true">
                <StaleMark cx={5.5} cy={5.5} />
              </svg>
              stale
            </span>
          )}
          {hasFailed && (
            <span className={classes.key}>
              <svg width="11" height="11" viewBox="0 0 11 11" aria-hidden="true">
                <FailedMark cx={5.5} cy={5.5} />
              </svg>
              failed
            </span>
          )}
        </>
      }
      table={<SizesTable lanes={shown} />}
    >
      {(width) => <SizeLanes lanes={shown} span={span} width={width} />}
    </Half>
  );
}

function AdvanceHalf({ lanes, span }: { lanes: Lane[]; span: Span }) {
  // The busiest datacenter, unless the filter leaves only one.
  const lane = lanes.reduce<Lane | undefined>(
    (best, one) => (best === undefined || one.raft.length > best.raft.length ? one : best),
    undefined,
  );
  const widthMs = bucketWidthMs(span.toMs - span.fromMs);
  const aligned = { fromMs: Math.floor(span.fromMs / widthMs) * widthMs, toMs: span.toMs };
  if (!lane || lane.raft.length < 2) {
    return (
      <section className={classes.half} aria-label="Raft index advance">
        <div className={classes.head}>
          <h2 className={classes.title}>Raft index advance</h2>
        </div>
        <div className={classes.none}>
          Two snapshots of one datacenter are needed to see how fast its index moves.
        </div>
      </section>
    );
  }
  const buckets = advanceBuckets(lane.raft, aligned.fromMs, aligned.toMs, widthMs);
  const words = `per ${widthWords(widthMs)}`;
  return (
    <Half
      title="Raft index advance"
      caption={`${lane.name}, ${words}`}
      table={<AdvanceTable buckets={buckets} widthMs={widthMs} />}
    >
      {(width) => (
        <IndexAdvance
          name={lane.name}
          buckets={buckets}
          widthMs={widthMs}
          widthWords={words}
          span={aligned}
          width={width}
        />
      )}
    </Half>
  );
}

type HalfProps = {
  title: string;
  caption: string;
  keys?: ReactNode;
  table: ReactNode;
  children: (width: number) => ReactNode;
};

/** A plot with its title, and the same numbers as a table for whoever can't use the drawing. */
function Half({ title, caption, keys, table, children }: HalfProps) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const [asTable, setAsTable] = useState(false);
  return (
    <section className={classes.half} aria-label={title}>
      <div className={classes.head}>
        <h2 className={classes.title}>{title}</h2>
        <span className={classes.caption}>{caption}</span>
        <span className={classes.grow} />
        {!asTable && keys}
        <ActionIcon
          size="xs"
          className={classes.toggle}
          aria-pressed={asTable}
          aria-label={`Show ${title.toLowerCase()} as a ${asTable ? "chart" : "table"}`}
          onClick={() => setAsTable(!asTable)}
        >
          {asTable ? <IconChartLine size={14} aria-hidden /> : <IconTable size={14} aria-hidden />}
        </ActionIcon>
      </div>
      <div ref={ref} className={asTable ? classes.tableWrap : classes.plot}>
        {asTable ? table : width > 0 && children(width)}
      </div>
    </section>
  );
}

function widthWords(ms: number): string {
  if (ms < hourMs) return `${ms / minuteMs} min`;
  return ms < 24 * hourMs ? `${ms / hourMs} h` : `${ms / (24 * hourMs)} d`;
}
