"use client";

import { useEffect, useState } from "react";
import { useCanAll } from "#app/_client/use-can-all.ts";
import { Note } from "#app/_ui/note.tsx";
import { Panel } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import type { TextDiffView } from "#app/_ui/text-diff.tsx";
import type { Comparison } from "#core/comparisons/contract.ts";
import { CardHead, MetaLine, ofRow } from "./card-head.tsx";
import { KeyDifference } from "./key-difference.tsx";
import { RecordDifferenceBody } from "./record-difference.tsx";
import type { Chosen } from "./workspace.tsx";

type Props = {
  comparison: Comparison;
  chosen: Chosen;
  view: TextDiffView;
  /** Set where the layout can be chosen. */
  onView?: (view: TextDiffView) => void;
};

const settleMs = 120;

/** One difference: its name, its indexes and sizes, and what differs. */
export function DifferenceCard({ comparison, chosen, view, onView }: Props) {
  const values = useCanAll("snapshot.values", [comparison.a, comparison.b]);
  const settled = useSettled();
  const label = chosen.row?.label ?? (chosen.kind === "kv" ? null : chosen.id);
  if (chosen.kind === "kv" && values.allowed && settled) {
    return (
      <KeyDifference
        comparison={comparison}
        keyId={chosen.id}
        row={chosen.row}
        view={view}
        {...(onView === undefined ? {} : { onView })}
      />
    );
  }
  return (
    <Panel>
      <CardHead change={chosen.row?.change ?? null} label={label} closed={chosen.row?.closed ?? null} />
      {chosen.row !== null && <MetaLine {...ofRow(chosen.row)} />}
      {!settled && <SkeletonList rows={3} height={28} />}
      {settled && chosen.kind === "kv" && !values.allowed && (
        <div style={{ padding: "12px 16px" }}>
          <Note title="Values are not shown.">{values.reason}.</Note>
        </div>
      )}
      {settled && chosen.kind !== "kv" && (
        <RecordDifferenceBody
          comparisonId={comparison.id}
          kind={chosen.kind}
          identity={chosen.id}
          change={chosen.row?.change ?? null}
        />
      )}
    </Panel>
  );
}

/** False for a moment, so that holding an arrow key asks for nothing that is passed by. */
function useSettled(): boolean {
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), settleMs);
    return () => clearTimeout(timer);
  }, []);
  return settled;
}
