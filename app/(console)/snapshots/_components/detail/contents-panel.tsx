"use client";

import table from "#app/_ui/data-table.module.css";
import { formatBytes, formatCount, formatNumber } from "#app/_ui/format.ts";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import classes from "./detail.module.css";

/** How many records of each type the state holds, and how much of it they are. */
export function ContentsPanel({ row }: { row: SnapshotDetail }) {
  if (row.records.length === 0) return null;
  const records = [...row.records].sort((a, b) => b.bytes - a.bytes || b.count - a.count);
  const count = records.reduce((sum, record) => sum + record.count, 0);
  const bytes = records.reduce((sum, record) => sum + record.bytes, 0);
  return (
    <Panel>
      <PanelHeader
        title="Contents"
        sub={`${formatCount(records.length, "record type")}, ${formatCount(count, "record")}`}
      />
      <div className={classes.scroll}>
        <table className={`${table.table} ${table.compact}`} aria-label="Contents">
          <thead>
            <tr>
              <th>Record type</th>
              <th className={table.num}>Count</th>
              <th className={table.num}>Bytes</th>
              <th className={`from-768 ${classes.share}`}>Share</th>
            </tr>
          </thead>
          <tbody>
            {records.map((record) => (
              <tr key={`${record.type}-${record.name}`}>
                <td className="mono">{record.name}</td>
                <td className={table.num}>{formatNumber(record.count)}</td>
                <td className={table.num}>{formatBytes(record.bytes)}</td>
                <td className="from-768">
                  <Share part={record.bytes} whole={bytes} />
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr className={classes.total}>
              <td>
                <b className="med">Total</b>
              </td>
              <td className={table.num}>{formatNumber(count)}</td>
              <td className={table.num}>{formatBytes(bytes)}</td>
              <td className="from-768" />
            </tr>
          </tfoot>
        </table>
      </div>
    </Panel>
  );
}

/** The bar for the eye, the percent for everyone else. A part that is there at all keeps a visible sliver. */
function Share({ part, whole }: { part: number; whole: number }) {
  const percent = whole === 0 ? 0 : (part / whole) * 100;
  const words = percent > 0 && percent < 0.1 ? "<0.1%" : `${percent.toFixed(1)}%`;
  return (
    <span className={classes.shareCell}>
      <span className={classes.bar} aria-hidden>
        <span style={{ width: `${part > 0 ? Math.max(1.4, percent) : 0}%` }} />
      </span>
      <span className="t3 fs12 tn">{words}</span>
    </span>
  );
}
