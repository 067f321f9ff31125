"use client";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { Panel } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import { isKept } from "../../_lib/row-facts.ts";
import { contentsSummaryQuery } from "../../queries.ts";
import css from "./contents.module.css";
import { ContentsPanel } from "./contents-panel.tsx";
import type { ContentsUrl } from "./use-contents-url.ts";

const KvPanel = lazy(() => import("./kv-panel.tsx").then((module) => ({ default: module.KvPanel })));

type Props = { row: SnapshotDetail; url: ContentsUrl };

/** What the archive holds, side by side: its records by type, and its keys as a tree. */
export function Inside({ row, url }: Props) {
  const kept = isKept(row);
  const summary = useQuery({ ...contentsSummaryQuery(row.id), enabled: kept });
  const [wide, setWide] = useState(false);
  return (
    <div
      className={css.pair}
      data-wide={(wide && url.keyId !== null) || undefined}
      data-single={!kept || undefined}
    >
      <ContentsPanel records={row.records} summary={summary.data} onOpen={url.showTable} />
      {kept && (
        <Suspense fallback={<KvWaiting />}>
          <KvPanel id={row.id} url={url} wide={wide} onWide={setWide} />
        </Suspense>
      )}
    </div>
  );
}

function KvWaiting() {
  return (
    <Panel aria-busy="true">
      <SkeletonList rows={14} height={32} />
    </Panel>
  );
}
