"use client";

import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import table from "#app/_ui/data-table.module.css";
import { Empty } from "#app/_ui/empty.tsx";
import { formatBytes, formatNumber } from "#app/_ui/format.ts";
import { PageHead } from "#app/_ui/page-head.tsx";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import { Stepper } from "#app/_ui/stepper.tsx";
import { Ago, Utc } from "#app/_ui/time.tsx";
import type { SnapshotRow } from "#core/snapshots/contract.ts";
import { summaryQuery } from "../../_shell/queries.ts";
import { useHydrated } from "../../snapshots/_lib/use-hydrated.ts";
import { restoreStages } from "../_lib/restore-words.ts";

/** The newest good snapshot of each datacenter: most of the time it is one of these. */
export function ChooseSnapshot() {
  const hydrated = useHydrated();
  const summary = useQuery(summaryQuery);
  const data = hydrated ? summary.data : undefined;
  const good = (data?.datacenters ?? []).flatMap((one) => (one.lastGood === null ? [] : [one.lastGood]));
  return (
    <>
      <PageHead title="New restore" actions={<Stepper steps={restoreStages} active={0} />} />
      <Panel>
        {data === undefined && <SkeletonList rows={3} />}
        {data !== undefined && good.length === 0 && <Nothing />}
        {good.length > 0 && <GoodOnes rows={good} />}
      </Panel>
    </>
  );
}

function Nothing() {
  return (
    <Empty
      title="There is nothing to restore from yet"
      actions={
        <Button component={Link} href="/snapshots" variant="primary">
          Snapshots
        </Button>
      }
    >
      A restore needs a verified snapshot, taken here or uploaded.
    </Empty>
  );
}

function GoodOnes({ rows }: { rows: readonly SnapshotRow[] }) {
  return (
    <>
      <PanelHeader
        title="Which snapshot"
        sub={<span className="from-768">the newest good one of each datacenter</span>}
        actions={
          <Button size="xs" variant="ghost" component={Link} href="/snapshots">
            All snapshots
          </Button>
        }
      />
      <div className={table.scroll}>
        <table className={table.table} aria-label="Newest good snapshots">
          <tbody>
            {rows.map((row) => (
              <GoodOne key={row.id} row={row} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function GoodOne({ row }: { row: SnapshotRow }) {
  return (
    <tr className={table.row}>
      <td className="from-768">
        <StateText state={row.state} />
      </td>
      <td>
        <b className="med">{row.datacenter ?? "unknown"}</b> <span className="t3">{row.clusterName}</span>
      </td>
      <td className="tn">
        <Utc at={row.takenAt} as="short" /> <Ago at={row.takenAt} className="t3" suffix=" ago" />
      </td>
      <td className={`from-768 ${table.num}`}>{formatNumber(row.raftIndex)}</td>
      <td className={`from-768 ${table.num}`}>{formatBytes(row.archiveBytes)}</td>
      <td className={table.num}>
        <Link className="link" href={`/restores/new?snapshot=${row.id}`}>
          Choose
        </Link>
      </td>
    </tr>
  );
}
