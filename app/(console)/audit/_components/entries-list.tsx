"use client";

import { useMemo } from "react";
import table from "#app/_ui/data-table.module.css";
import { utcDayHeading } from "#app/_ui/format-time.ts";
import { StateIcon } from "#app/_ui/state-text.tsx";
import { stateSpec } from "#app/_ui/states.ts";
import { Utc, useNow } from "#app/_ui/time.tsx";
import type { AuditEntry } from "#core/audit/contract.ts";
import { groupByDay } from "../_lib/days.ts";
import css from "./entries.module.css";
import type { EntriesProps } from "./entries-table.tsx";
import { EntryLink } from "./entry-link.tsx";

/** Below 768 px: three lines an entry, and the whole of them opens it. */
export function EntriesList({ rows, stale, onOpen }: EntriesProps) {
  const now = useNow(60_000);
  const groups = useMemo(() => groupByDay(rows), [rows]);
  return (
    <div className={`${table.list} ${stale ? table.fetching : ""}`}>
      {groups.map((group) => (
        <section key={group.day} aria-label={utcDayHeading(group.day, now)}>
          <div className={`${table.listDay} ${css.day}`}>
            <span className="med t2">{utcDayHeading(group.day, now)}</span>
          </div>
          <ul className={css.items}>
            {group.rows.map((row) => (
              <li key={row.entry}>
                <Item row={row} onOpen={onOpen} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Item({ row, onOpen }: { row: AuditEntry; onOpen: (entry: number) => void }) {
  const { word, tone } = stateSpec(row.outcome);
  const quiet = row.outcome === "ok" || row.outcome === "intent";
  return (
    <EntryLink entry={row.entry} onOpen={onOpen} className={`${table.item} ${css.item}`} rowId>
      <StateIcon state={row.outcome} size={20} />
      <span className="grow stack">
        <span className={table.itemLine}>
          <span className="mono trunc">{row.action}</span>
          <Utc at={row.at} className="nowrap" />
        </span>
        <span className={`${table.itemLine} ${table.itemSmall}`}>
          <span className={quiet ? "t2 trunc" : `c-${tone} med trunc`}>
            {row.detail === null ? word : `${word}: ${row.detail}`}
          </span>
          <span className="t2 nowrap">{row.actorName}</span>
        </span>
        <span className="fs12 t3 trunc">
          {row.target} · {row.address}
        </span>
      </span>
    </EntryLink>
  );
}
