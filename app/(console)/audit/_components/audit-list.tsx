import table from "#app/_ui/data-table.module.css";
import { utcDayHeading } from "#app/_ui/format-time.ts";
import { StateIcon } from "#app/_ui/state-text.tsx";
import { stateSpec } from "#app/_ui/states.ts";
import { Utc, useNow } from "#app/_ui/time.tsx";
import type { AuditEntry } from "#core/audit/contract.ts";
import { groupByDay } from "./audit-days.ts";

/** Below 768 px: three lines an entry. */
export function AuditList({ rows }: { rows: readonly AuditEntry[] }) {
  const now = useNow(60_000);
  return (
    <ul className={`${table.list} below-768`}>
      {groupByDay(rows).map((group) => (
        <li key={group.day}>
          <h2 className={table.listDay}>
            <span className="med t2">{utcDayHeading(group.day, now)}</span>
          </h2>
          <ul>
            {group.rows.map((row) => (
              <AuditItem key={row.entry} row={row} />
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

function AuditItem({ row }: { row: AuditEntry }) {
  const word = stateSpec(row.outcome).word;
  const quiet = row.outcome === "ok" || row.outcome === "intent";
  return (
    <li className={table.item}>
      <StateIcon state={row.outcome} size={20} />
      <div className="grow">
        <div className={table.itemLine}>
          <span className="mono trunc">{row.action}</span>
          <Utc at={row.at} className="nowrap" />
        </div>
        <div className={`${table.itemLine} ${table.itemSmall}`}>
          <span className={quiet ? "t2 trunc" : `c-${stateSpec(row.outcome).tone} med trunc`}>
            {row.detail === null ? word : `${word}: ${row.detail}`}
          </span>
          <span className="t2 nowrap">{row.actorName}</span>
        </div>
        <div className="fs12 t3 trunc">
          {row.target} · {row.address}
        </div>
      </div>
    </li>
  );
}
