"use client";

import { useRouter } from "next/navigation";
import table from "#app/_ui/data-table.module.css";
import { StateText } from "#app/_ui/state-text.tsx";
import type { Recovery } from "#core/recoveries/contract.ts";
import { Card, Cards, TimeLinkCell } from "../../_components/list-row.tsx";
import { keyTextOf, recoveryState, recoveryVerdict, selectionWords } from "../_lib/recovery-words.ts";

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
      <TimeLinkCell href={href} at={row.plannedAt} label={`Open recovery into ${row.datacenter}`} />
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

export function PartCards({ rows }: { rows: readonly Recovery[] }) {
  return (
    <Cards>
      {rows.map((row) => (
        <PartCard key={row.id} row={row} />
      ))}
    </Cards>
  );
}

function PartCard({ row }: { row: Recovery }) {
  const shown = recoveryState(row.state);
  return (
    <Card
      href={`/restores/parts/${row.id}`}
      shown={shown}
      datacenter={row.datacenter}
      clusterName={row.clusterName}
      at={row.plannedAt}
      words={shown.word}
      side={row.byName}
    >
      <bdi className="mono">{partWords(row)}</bdi>
    </Card>
  );
}
