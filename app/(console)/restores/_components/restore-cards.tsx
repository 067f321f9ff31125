"use client";

import Link from "next/link";
import table from "#app/_ui/data-table.module.css";
import { StateIcon } from "#app/_ui/state-text.tsx";
import { Ago, Utc, useNow } from "#app/_ui/time.tsx";
import type { RestoreRow } from "#core/restore/contract.ts";
import { pointInTime, restoreState } from "../_lib/restore-words.ts";
import classes from "./restores.module.css";

/** The restores below 768 px, three lines each. */
export function RestoreCards({ rows }: { rows: readonly RestoreRow[] }) {
  const now = useNow(60_000);
  return (
    <ul className={`${table.list} ${classes.cards}`}>
      {rows.map((row) => {
        const shown = restoreState(row.state);
        return (
          <li key={row.id}>
            <Link
              href={`/restores/${row.id}`}
              prefetch={false}
              className={`${table.item} ${classes.listItem}`}
            >
              <StateIcon state={shown.name} size={20} />
              <span className="grow stack">
                <span className={table.itemLine}>
                  <span className="trunc">
                    <b className="med">{row.datacenter}</b> <span className="t3">{row.clusterName}</span>
                  </span>
                  <span className="tn nowrap">
                    <Utc at={row.startedAt} as="short" /> <Ago at={row.startedAt} className="t3" />
                  </span>
                </span>
                <span className={`${table.itemLine} ${table.itemSmall}`}>
                  <span className={shown.tone === "bad" ? "c-bad med" : "t2"}>
                    {shown.word}, back to <span className="tn">{pointInTime(row.snapshotTakenAt, now)}</span>
                  </span>
                  <span>{row.byName}</span>
                </span>
                <span className="fs12 t3 trunc">{row.reason}</span>
              </span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
