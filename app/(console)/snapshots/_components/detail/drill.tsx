"use client";

import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";

const DrillPanel = lazy(() => import("./drill-panel.tsx").then((module) => ({ default: module.DrillPanel })));

/** Whether the archive was ever restored. Its code comes when it comes into view; links lead here by `#drill`. */
export function Drill({ row }: { row: SnapshotDetail }) {
  const frame = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const { current } = frame;
    if (current === null) return;
    // The browser looked for the place before the snapshot was there.
    if (window.location.hash === "#drill") current.scrollIntoView({ block: "center" });
    const watcher = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) setSeen(true);
    });
    watcher.observe(current);
    return () => watcher.disconnect();
  }, []);
  const waiting = (
    <Panel aria-busy="true">
      <PanelHeader title="Proven restore" />
      <SkeletonList rows={3} height={28} />
    </Panel>
  );
  return (
    <div ref={frame} id="drill">
      {seen ? (
        <Suspense fallback={waiting}>
          <DrillPanel row={row} />
        </Suspense>
      ) : (
        waiting
      )}
    </div>
  );
}
