"use client";

import type { RestoreRow } from "#core/restore/contract.ts";
import { restoreState } from "../_lib/restore-words.ts";
import { Card, Cards } from "./list-row.tsx";
import { BackTo, WaitingAct } from "./restore-row-parts.tsx";

export function RestoreCards({ rows }: { rows: readonly RestoreRow[] }) {
  return (
    <Cards>
      {rows.map((row) => (
        <RestoreCard key={row.id} row={row} />
      ))}
    </Cards>
  );
}

function RestoreCard({ row }: { row: RestoreRow }) {
  const shown = restoreState(row.state);
  return (
    <Card
      href={`/restores/${row.id}`}
      shown={shown}
      datacenter={row.datacenter}
      clusterName={row.clusterName}
      at={row.startedAt}
      words={
        <>
          {shown.word}, back to{" "}
          <span className="tn">
            <BackTo row={row} />
          </span>
        </>
      }
      side={row.byName}
      {...(row.state === "waiting" ? { act: <WaitingAct row={row} /> } : {})}
    >
      {row.reason}
    </Card>
  );
}
