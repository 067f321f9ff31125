"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import table from "#app/_ui/data-table.module.css";
import { StateIcon, StateText } from "#app/_ui/state-text.tsx";
import { Ago, Utc } from "#app/_ui/time.tsx";
import type { Recovery } from "#core/recoveries/contract.ts";
import { keyTextOf, recoveryState, recoveryVerdict, selectionWords } from "../_lib/recovery-words.ts";
import classes from "./parts.module.css";

/** `checkout/… and 2 more` */
function partWords({ selections }: Recovery): string {
  const [first, ...rest] = selections;
  if (first === undefined) return "";
  const words = selectionWords(first, keyTextOf);
  return rest.length === 0 ? words : `${words} and ${rest.length} more`;
}

export function PartTable({ rows }: { rows: readonly Recovery[] }) {
  return (
    <div className={table.scroll}>
      <table className={table.table} aria-label="Parts">
        <thead>
          <tr>
            <th>State</th>
            <th aria-sort="descending" className={table.sorted}>
              Planned
            </th>
            <th>Into</th>
            <th>Part</th>
            <th>Outcome</th>
            <th>Snapshot</th>
            <th>By</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row }: { row: Recovery }) {
  const router = useRouter();
  const shown = recoveryState(row.state);
  const href = `/restores/parts/${row.id}`;
  return (
    <tr className={table.row} data-opens onClick={() => router.push(href)}>
      <td>
        <StateText state={shown.name} word={shown.word} />
      </td>
      <td className="tn">
        <Link
          href={href}
          prefetch={false}
          aria-label={`Open recovery into ${row.datacenter} ${row.plannedAt.slice(11, 19)}`}
        >
          <Utc at={row.plannedAt} as="day" /> <Utc at={row.plannedAt} />
        </Link>{" "}
        <Ago at={row.plannedAt} className="t3" />
      </td>
      <td>
        {row.datacenter}
        <span className="t3"> · {row.clusterName}</span>
      </td>
      <td>
        <bdi className="mono trunc" style={{ display: "block", maxWidth: 240 }} title={partWords(row)}>
          {partWords(row)}
        </bdi>
      </td>
      <td className="t2">{recoveryVerdict(row)}</td>
      <td className="mono">{row.snapshotId}</td>
      <td className="t2">{row.byName}</td>
    </tr>
  );
}

const loud = { bad: "c-bad med", warn: "c-warn med" } as const;

/** Below 768 px, three lines each. */
export function PartCards({ rows }: { rows: readonly Recovery[] }) {
  return (
    <ul className={`${table.list} ${classes.cards}`}>
      {rows.map((row) => (
        <li key={row.id}>
          <Card row={row} />
        </li>
      ))}
    </ul>
  );
}

function Card({ row }: { row: Recovery }) {
  const shown = recoveryState(row.state);
  const tone = shown.tone === "bad" || shown.tone === "warn" ? loud[shown.tone] : "t2";
  return (
    <Link href={`/restores/parts/${row.id}`} prefetch={false} className={`${table.item} ${classes.card}`}>
      <StateIcon state={shown.name} size={20} />
      <span className="grow stack">
        <span className={table.itemLine}>
          <span className="trunc">
            <b className="med">{row.datacenter}</b> <span className="t3">{row.clusterName}</span>
          </span>
          <span className="tn nowrap">
            <Utc at={row.plannedAt} as="short" /> <Ago at={row.plannedAt} className="t3" />
          </span>
        </span>
        <span className={`${table.itemLine} ${table.itemSmall}`}>
          <span className={tone}>{shown.word}</span>
          <span>{row.byName}</span>
        </span>
        <span className="fs12 t3 trunc">
          <bdi className="mono">{partWords(row)}</bdi>
        </span>
      </span>
    </Link>
  );
}
