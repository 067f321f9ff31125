"use client";

import { Button } from "@mantine/core";
import { IconBroadcast } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import table from "#app/_ui/data-table.module.css";
import { Empty } from "#app/_ui/empty.tsx";
import { formatNumber } from "#app/_ui/format.ts";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import { Ago, useNow } from "#app/_ui/time.tsx";
import type { SnapshotRow } from "#core/snapshots/contract.ts";
import { GuardedButton } from "../../snapshots/_components/guarded-button.tsx";
import { isRestorable } from "../../snapshots/_lib/row-facts.ts";
import { snapshotListQuery } from "../../snapshots/queries.ts";
import { live } from "../_lib/params.ts";
import { type Side, sideFacts, sideName, toSide } from "../_lib/side-words.ts";

type Props = {
  a: string | null;
  b: string | null;
  known: Side | null;
  onPick: (a: string | null, b: string | null) => void;
};

const shownRows = 8;

/** One side is there: the newest others of its datacenter for the other. The earlier one becomes A. */
export function OtherSide({ a, b, known, onPick }: Props) {
  const now = useNow(60_000);
  const chosen = a ?? b;
  const datacenter = known?.datacenter ?? null;
  const list = useQuery({
    ...snapshotListQuery({ ...(datacenter === null ? {} : { datacenter }), limit: shownRows + 4 }),
    enabled: known !== null,
  });
  const rows = (list.data?.rows ?? []).filter((row) => row.id !== chosen && isRestorable(row));
  const pick = (row: SnapshotRow) => {
    const isEarlier = known !== null && known.takenAt !== null && row.takenAt < known.takenAt;
    if (isEarlier) onPick(row.id, chosen);
    else onPick(chosen, row.id);
  };
  return (
    <Panel>
      <PanelHeader
        title="Compare with"
        {...(known === null ? {} : { sub: `${sideName(known, now)} is chosen` })}
        actions={a !== null && <LiveButton known={known} onClick={() => onPick(a, live)} />}
      />
      {list.data === undefined && <SkeletonList rows={6} />}
      {list.data !== undefined && rows.length === 0 && (
        <Empty title="There is no other snapshot of this datacenter">
          {a === null ? "Choose another one above." : "Compare with the live cluster, or choose one above."}
        </Empty>
      )}
      {rows.length > 0 && (
        <div className={table.scroll}>
          <table className={table.table} aria-label="Snapshots to compare with">
            <tbody>
              {rows.slice(0, shownRows).map((row) => (
                <OtherRow key={row.id} row={row} now={now} onChoose={() => pick(row)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

function LiveButton({ known, onClick }: { known: Side | null; onClick: () => void }) {
  return (
    <GuardedButton
      permission="snapshot.take"
      {...(known === null ? {} : { places: [known] })}
      size="xs"
      leftSection={<IconBroadcast size={14} aria-hidden />}
      onClick={onClick}
    >
      Live cluster
    </GuardedButton>
  );
}

function OtherRow({ row, now, onChoose }: { row: SnapshotRow; now: number; onChoose: () => void }) {
  return (
    <tr className={table.row}>
      <td className="from-768">
        <StateText state={row.state} />
      </td>
      <td className="tn">
        <b className="med">{sideName(toSide(row), now)}</b>{" "}
        <Ago at={row.takenAt} className="t3" suffix=" ago" />
      </td>
      <td className={`from-768 ${table.num}`}>
        <span className="t3">index</span> {formatNumber(row.raftIndex)}
      </td>
      <td className="from-768 t3 fs12">{sideFacts(toSide(row), null)}</td>
      <td className={table.num}>
        <Button size="xs" variant="ghost" onClick={onChoose}>
          Choose
        </Button>
      </td>
    </tr>
  );
}
