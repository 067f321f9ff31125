"use client";

import { lazy, Suspense } from "react";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { useHydrated } from "../../_lib/use-hydrated.ts";

const CustodyPanel = lazy(() =>
  import("./custody-panel.tsx").then((module) => ({ default: module.CustodyPanel })),
);

/** Who touched a snapshot. It comes after what one opened the page for. */
export function Custody({ id }: { id: string }) {
  const hydrated = useHydrated();
  const waiting = (
    <Panel aria-busy="true">
      <PanelHeader title="Custody" sub="every touch since it was taken" />
      <SkeletonList rows={3} height={32} />
    </Panel>
  );
  if (!hydrated) return waiting;
  return (
    <Suspense fallback={waiting}>
      <CustodyPanel id={id} />
    </Suspense>
  );
}
