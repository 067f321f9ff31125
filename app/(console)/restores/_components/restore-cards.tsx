"use client";

import Link from "next/link";
import table from "#app/_ui/data-table.module.css";
import { StateIcon } from "#app/_ui/state-text.tsx";
import { Ago, Utc } from "#app/_ui/time.tsx";
import type { RestoreRow } from "#core/restore/contract.ts";
import { restoreState } from "../_lib/restore-words.ts";
import { BackTo, WaitingAct } from "./restore-row-parts.tsx";
import classes from "./restores.module.css";

const loud = { bad: "c-bad med", warn: "c-warn med" } as const;

/** The restores below 768 px, three lines each. */
export function RestoreCards({ rows }: { rows: readonly RestoreRow[] }) {
  return (
    <ul className={`${table.list} ${classes.cards}`}>
      {rows.map((row) => (
        <li key={row.id} data-waiting={row.state === "waiting" || undefined}>
          <Card row={row} />
          {row.state === "waiting" && (
            <div className={classes.cardAct}>
              <WaitingAct row={row} />
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

function Card({ row }: { row: RestoreRow }) {
  const shown = restoreState(row.state);
  const tone = shown.tone === "bad" || shown.tone === "warn" ? loud[shown.tone] : "t2";
  return (
    <Link href={`/restores/${row.id}`} prefetch={false} className={`${table.item} ${classes.listItem}`}>
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
          <span className={tone}>
            {shown.word}, back to{" "}
            <span className="tn">
              <BackTo row={row} />
            </span>
          </span>
          <span>{row.byName}</span>
        </span>
        <span className="fs12 t3 trunc">{row.reason}</span>
      </span>
    </Link>
  );
}
