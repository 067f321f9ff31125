"use client";
import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useCan } from "#app/_client/use-viewer.ts";
import { Empty } from "#app/_ui/empty.tsx";
import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { formatCount } from "#app/_ui/format.ts";
import { PageHead } from "#app/_ui/page-head.tsx";
import { Panel } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { Tip } from "#app/_ui/tip.tsx";
import { useReturnFocus } from "#app/_ui/use-return-focus.ts";
import type { ClusterView } from "#core/clusters/contract.ts";
import { everywhere } from "#core/kernel/permission.ts";
import { clustersQuery } from "../queries.ts";
import { ClusterTable } from "./cluster-table.tsx";

// Each under a boundary of its own: next/dynamic without one would blank the whole page while it loads.
const ClusterDialog = lazy(() =>
  import("./cluster-dialog.tsx").then((module) => ({ default: module.ClusterDialog })),
);
const RemoveDialog = lazy(() =>
  import("./remove-dialog.tsx").then((module) => ({ default: module.RemoveDialog })),
);
const TestDialog = lazy(() => import("./test-dialog.tsx").then((module) => ({ default: module.TestDialog })));

export type ClusterAct = "edit" | "remove" | "test";
type Open = { act: "add"; cluster: null } | { act: ClusterAct; cluster: ClusterView };
/** The dialog that was opened last; it stays while it fades out. */
type Shown = { open: Open; opened: boolean; times: number };

/** Every Consul cluster that Snapkeep knows, and how it reaches it. */
export function ClustersView() {
  const clusters = useQuery(clustersQuery);
  const [shown, setShown] = useState<Shown | null>(null);
  const setOpen = (open: Open) => setShown((was) => ({ open, opened: true, times: (was?.times ?? 0) + 1 }));
  useReturnFocus(shown?.opened ?? false);
  const close = () => setShown((was) => (was === null ? null : { ...was, opened: false }));
  const add = <AddButton onAdd={() => setOpen({ act: "add", cluster: null })} />;
  const rows = clusters.data?.clusters;
  return (
    <>
      <PageHead
        title="Clusters"
        sub={
          rows === undefined
            ? undefined
            : rows.length === 0
              ? "none yet"
              : formatCount(rows.length, "cluster")
        }
        actions={rows?.length === 0 ? undefined : add}
      />
      {clusters.error !== null && rows === undefined && (
        <ErrorPanel
          title="The clusters could not be read"
          error={clusters.error}
          onRetry={() => void clusters.refetch()}
        />
      )}
      {(rows !== undefined || clusters.error === null) && (
        <Panel aria-busy={clusters.isPending}>
          {rows === undefined && <SkeletonList rows={3} height={42} />}
          {rows?.length === 0 && (
            <Empty title="No cluster yet" actions={add}>
              Until one is connected, there is nothing to take a snapshot of. Snapkeep needs an address, and a
              token with management rights where ACLs are on.
            </Empty>
          )}
          {rows !== undefined && rows.length > 0 && (
            <ClusterTable clusters={rows} onAct={(act, cluster) => setOpen({ act, cluster })} />
          )}
        </Panel>
      )}
      <Suspense>{shown !== null && <OpenDialog key={shown.times} shown={shown} onClose={close} />}</Suspense>
    </>
  );
}

/** Off, it can still be reached and says why. */
function AddButton({ onAdd }: { onAdd: () => void }) {
  const can = useCan("cluster.manage", everywhere);
  const button = (
    <Button
      variant="primary"
      leftSection={<IconPlus aria-hidden />}
      data-disabled={!can.allowed || undefined}
      aria-disabled={!can.allowed}
      onClick={() => can.allowed && onAdd()}
    >
      Add cluster…
      {!can.allowed && <span className="sr-only">, off: {can.reason}</span>}
    </Button>
  );
  return can.allowed ? button : <Tip text={can.reason}>{button}</Tip>;
}

/** Mounted anew for every opening, so that no draft and no secret survives a closed dialog. */
function OpenDialog({ shown: { open, opened }, onClose }: { shown: Shown; onClose: () => void }) {
  const common = { opened, onClose };
  switch (open.act) {
    case "add":
      return <ClusterDialog saved={null} {...common} />;
    case "edit":
      return <ClusterDialog saved={open.cluster} {...common} />;
    case "remove":
      return <RemoveDialog cluster={open.cluster} {...common} />;
    case "test":
      return <TestDialog cluster={open.cluster} {...common} />;
    default:
      return open satisfies never;
  }
}
