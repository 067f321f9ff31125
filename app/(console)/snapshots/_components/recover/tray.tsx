"use client";

import { lazy, Suspense } from "react";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import { useChosen } from "../../_lib/recover-store.ts";

const RecoverTray = lazy(() =>
  import("./recover-tray.tsx").then((module) => ({ default: module.RecoverTray })),
);

/** Nothing of it loads before something is chosen. */
export function Tray({ row }: { row: SnapshotDetail }) {
  const chosen = useChosen(row.id);
  if (chosen.length === 0) return null;
  return (
    <Suspense>
      <RecoverTray row={row} chosen={chosen} />
    </Suspense>
  );
}
