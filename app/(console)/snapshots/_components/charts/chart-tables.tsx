"use client";

import table from "#app/_ui/data-table.module.css";
import { formatBytes, formatNumber } from "#app/_ui/format.ts";
import { utcDate, utcMinute } from "#app/_ui/format-time.ts";
import { useNow } from "#app/_ui/time.tsx";
import type { Bucket } from "../../_lib/chart-math.ts";
import type { Lane } from "./lanes.ts";

const dayMs = 86_400_000;

/** The numbers behind the size chart, newest first. */
export function SizesTable({ lanes }: { lanes: readonly Lane[] }) {
  const now = useNow(dayMs);
  const rows = lanes
    .flatMap((lane) => lane.points.map((point) => ({ name: lane.name, ...point })))
    .sort((a, b) => b.atMs - a.atMs);
  return (
    <table className={`${table.table} ${table.compact}`} aria-label="Archive size">
      <thead>
        <tr>
          <th>Taken</th>
          <th>Datacenter</th>
          <th className={table.num}>Size</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.name}-${row.atMs}`}>
            <td className="tn">
              {utcDate(row.atMs, now)} {utcMinute(row.atMs)}
            </td>
            <td>{row.name}</td>
            <td className={table.num}>{formatBytes(row.value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The numbers behind the bars, newest first. */
export function AdvanceTable({ buckets, widthMs }: { buckets: readonly Bucket[]; widthMs: number }) {
  const now = useNow(dayMs);
  return (
    <table className={`${table.table} ${table.compact}`} aria-label="Raft index advance">
      <thead>
        <tr>
          <th>From</th>
          <th>To</th>
          <th className={table.num}>Entries</th>
        </tr>
      </thead>
      <tbody>
        {[...buckets].reverse().map((bucket) => (
          <tr key={bucket.fromMs}>
            <td className="tn">
              {utcDate(bucket.fromMs, now)} {utcMinute(bucket.fromMs)}
            </td>
            <td className="tn">{utcMinute(bucket.fromMs + widthMs)}</td>
            <td className={table.num}>{formatNumber(Math.round(bucket.advance))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
