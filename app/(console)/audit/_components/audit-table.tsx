import { IconArrowDown } from "@tabler/icons-react";
import table from "#app/_ui/data-table.module.css";
import { formatNumber } from "#app/_ui/format.ts";
import { utcDayHeading } from "#app/_ui/format-time.ts";
import { StateText } from "#app/_ui/state-text.tsx";
import { Utc, useNow } from "#app/_ui/time.tsx";
import type { AuditEntry } from "#core/audit/contract.ts";
import { groupByDay } from "./audit-days.ts";
import css from "./audit-table.module.css";

const columns = 9;

/** From 768 px on. Grouped by day, so that the cells carry the time alone. */
export function AuditTable({ rows, paler }: { rows: readonly AuditEntry[]; paler: boolean }) {
  const now = useNow(60_000);
  return (
    <div className={`${table.scroll} from-768`}>
      <table className={[table.table, table.compact, paler ? table.fetching : ""].join(" ")}>
        <thead>
          <tr>
            <th>Entry</th>
            <th className={table.sorted} aria-sort="descending">
              Time, UTC
              <IconArrowDown aria-hidden />
            </th>
            <th>Actor</th>
            <th>Role</th>
            <th>Action</th>
            <th>Target</th>
            <th>Result</th>
            <th>IP</th>
            <th>Request</th>
          </tr>
        </thead>
        {groupByDay(rows).map((group) => (
          <tbody key={group.day}>
            <tr className={table.group}>
              <th colSpan={columns} scope="rowgroup">
                <b>{utcDayHeading(group.day, now)}</b>
              </th>
            </tr>
            {group.rows.map((row) => (
              <AuditRow key={row.entry} row={row} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function AuditRow({ row }: { row: AuditEntry }) {
  return (
    <tr className={table.row}>
      <td className="tn t3">{formatNumber(row.entry)}</td>
      <td>
        <Utc at={row.at} />
      </td>
      <td>{row.actorName}</td>
      <td className="t2">{row.role}</td>
      <td className="mono">{row.action}</td>
      <td
        className={`${css.target} trunc`}
        title={row.reason === null ? row.target : `${row.target}: ${row.reason}`}
      >
        <span className="mono t2">{row.target}</span>
        {row.reason !== null && <span className="t3"> · {row.reason}</span>}
      </td>
      <td title={row.detail ?? undefined}>
        <div className={css.result}>
          <StateText state={row.outcome} detail={row.detail} className={css.state} />
        </div>
      </td>
      <td className="mono t2">{row.address}</td>
      <td className="mono t3">{row.requestId}</td>
    </tr>
  );
}
