"use client";

import { IconRestore } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { parseAsString, useQueryState } from "nuqs";
import table from "#app/_ui/data-table.module.css";
import { formatCount, formatDuration, unknownText } from "#app/_ui/format.ts";
import { Note } from "#app/_ui/note.tsx";
import { PageHead } from "#app/_ui/page-head.tsx";
import type { RestorePage, RestoreRow } from "#core/restore/contract.ts";
import { GuardedButton } from "../../snapshots/_components/guarded-button.tsx";
import { restoreListQuery } from "../queries.ts";
import { ListFrame } from "./list-frame.tsx";
import { ListPanel, NothingYet } from "./list-panel.tsx";
import { TimeLinkCell } from "./list-row.tsx";
import { RestoreCards } from "./restore-cards.tsx";
import { BackTo, RowState, WaitingAct } from "./restore-row-parts.tsx";
import { RestoreTabs } from "./restore-tabs.tsx";
import classes from "./restores.module.css";

/** Every restore that was ever asked for, newest first. */
export function RestoreList() {
  const [cursor, setCursor] = useQueryState("cursor", parseAsString.withOptions({ history: "push" }));
  const list = useQuery(restoreListQuery(cursor ?? undefined));
  return (
    <>
      <PageHead
        title="Restores"
        actions={
          <GuardedButton
            permission="restore.run"
            leftSection={<IconRestore aria-hidden />}
            href="/restores/new"
          >
            New restore…
          </GuardedButton>
        }
      />
      <RestoreTabs tab="restores" />
      <ListFrame
        list={list}
        failed="The restores could not be read"
        goesOn="A restore that runs goes on without this page."
      >
        {(page) => <Page page={page} cursor={cursor} onCursor={(next) => void setCursor(next)} />}
      </ListFrame>
    </>
  );
}

type PageProps = { page: RestorePage; cursor: string | null; onCursor: (cursor: string | null) => void };

function Page({ page, cursor, onCursor }: PageProps) {
  const waiting = page.rows.filter((row) => row.state === "waiting").length;
  if (page.rows.length === 0 && cursor === null) {
    return (
      <NothingYet title="No restore yet">
        Until one has worked, it is not proven that yours can be restored. Open a snapshot and choose Restore…
        to begin.
      </NothingYet>
    );
  }
  return (
    <>
      {waiting > 0 && (
        <Note
          tone="warn"
          title={`${formatCount(waiting, "restore waits", "restores wait")} for a second person.`}
        >
          Nothing is sent to Consul until somebody else agrees.
        </Note>
      )}
      <ListPanel
        label="Restores"
        nextCursor={page.nextCursor}
        cursor={cursor}
        onCursor={onCursor}
        table={<RestoreTable rows={page.rows} />}
        cards={<RestoreCards rows={page.rows} />}
      />
    </>
  );
}

function RestoreTable({ rows }: { rows: readonly RestoreRow[] }) {
  const waits = rows.some((row) => row.state === "waiting");
  return (
    <div className={table.scroll}>
      <table className={table.table} aria-label="Restores">
        <thead>
          <tr>
            <th>State</th>
            <th aria-sort="descending" className={table.sorted}>
              Started
            </th>
            <th>Datacenter</th>
            <th>Back to</th>
            <th className={table.num}>Took</th>
            <th>Reason</th>
            <th>By</th>
            {waits && (
              <th>
                <span className="sr-only">What you can do</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} waits={waits} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row, waits }: { row: RestoreRow; waits: boolean }) {
  const router = useRouter();
  const href = `/restores/${row.id}`;
  const tookMs = row.finishedAt === null ? null : Date.parse(row.finishedAt) - Date.parse(row.startedAt);
  return (
    <tr
      className={`${table.row} ${classes.listRow}`}
      data-opens
      data-waiting={row.state === "waiting" || undefined}
      onClick={() => router.push(href)}
    >
      <td>
        <RowState row={row} />
      </td>
      <TimeLinkCell href={href} at={row.startedAt} label={`Open restore of ${row.datacenter}`} />
      <td>
        {row.datacenter}
        <span className="t3"> · {row.clusterName}</span>
      </td>
      <td className="tn">
        <BackTo row={row} />
      </td>
      <td className={table.num}>
        {tookMs === null ? <span className="t3">{unknownText}</span> : formatDuration(tookMs)}
      </td>
      <td className={classes.reasonCell}>
        <span className={`t2 trunc ${classes.reason}`} title={row.reason}>
          {row.reason}
        </span>
      </td>
      <td className="t2">{row.byName}</td>
      {waits && (
        <td className={table.num}>
          <WaitingAct row={row} />
        </td>
      )}
    </tr>
  );
}
