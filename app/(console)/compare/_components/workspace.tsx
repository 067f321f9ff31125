"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo } from "react";
import { Panel } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import type { Comparison, DifferenceRow, KindDifference } from "#core/comparisons/contract.ts";
import { useWide } from "../../snapshots/_lib/use-wide.ts";
import { differing, isListed, isOftenChurn, type Kind } from "../_lib/kinds.ts";
import { type CompareParams, listedChanges } from "../_lib/params.ts";
import { rowKey } from "../_lib/rows.ts";
import { differencesQuery } from "../queries.ts";
import classes from "./compare.module.css";
import type { ChangeParams } from "./compare.tsx";
import { DifferencesPanel } from "./differences-panel.tsx";
import { KindsPanel } from "./kinds-panel.tsx";
import { NothingDiffers } from "./nothing-differs.tsx";

const Reader = lazy(() => import("./reader.tsx").then((module) => ({ default: module.Reader })));
const ReaderSheet = lazy(() =>
  import("./reader-sheet.tsx").then((module) => ({ default: module.ReaderSheet })),
);

type Props = { comparison: Comparison; params: CompareParams; onChange: ChangeParams };

/** A difference that is read on the right: in the list, or only known from the link. */
export type Chosen = { kind: Kind; typeName: string; id: string; row: DifferenceRow | null };

const alsoShown = 2;
const noRows: readonly DifferenceRow[] = [];

/** Kinds, the differences of one of them, and what the chosen ones say. */
export function Workspace({ comparison, params, onChange }: Props) {
  const kinds = comparison.summary?.kinds ?? [];
  const kind = chosenKind(kinds, params);
  if (kind === null) return <NothingDiffers comparison={comparison} onChange={onChange} />;
  return <Columns comparison={comparison} params={params} kinds={kinds} kind={kind} onChange={onChange} />;
}

/** What the link says, else keys, else the first kind that differs. */
function chosenKind(kinds: readonly KindDifference[], params: CompareParams): KindDifference | null {
  const named = kinds.find((kind) => kind.kind === params.kind);
  if (named !== undefined) return named;
  return kinds.find((kind) => isListed(kind, params.churn)) ?? null;
}

type ColumnsProps = Props & { kinds: readonly KindDifference[]; kind: KindDifference };

function Columns({ comparison, params, kinds, kind, onChange }: ColumnsProps) {
  const wide = useWide();
  const chosenChanges = params.changes ?? listedChanges;
  // A view without churn counts sessions and leaves them out.
  const hidden = !params.churn && (isOftenChurn(kind.kind) || differing(kind) === 0);
  const list = useInfiniteQuery({
    ...differencesQuery({
      id: comparison.id,
      kind: kind.kind,
      ...(chosenChanges.length === listedChanges.length ? {} : { changes: chosenChanges.join(",") }),
      ...(params.pattern.trim() === "" ? {} : { pattern: params.pattern.trim() }),
      ...(params.churn ? { churn: true } : {}),
    }),
    placeholderData: keepPreviousData,
    enabled: !hidden && chosenChanges.length > 0,
  });
  const rows = useMemo(() => {
    const all = list.data?.pages.flatMap((page) => page.rows) ?? noRows;
    // While another kind is fetched, the old kind's rows would only mislead.
    return hidden || chosenChanges.length === 0 ? noRows : all.filter((row) => row.kind === kind.kind);
  }, [list.data, hidden, chosenChanges.length, kind.kind]);
  const chosen = useMemo(() => chosenOf(rows, kind, params.key, wide), [rows, kind, params.key, wide]);
  const first = chosen[0]?.id ?? null;

  return (
    <div className={classes.columns}>
      <KindsPanel kinds={kinds} chosen={kind} params={params} onChange={onChange} />
      <DifferencesPanel
        comparisonId={comparison.id}
        kind={kind}
        list={list}
        rows={rows}
        hidden={hidden}
        params={params}
        chosen={first}
        onChange={onChange}
      />
      {wide && (
        <Suspense fallback={<ReaderWaiting />}>
          <Reader comparison={comparison} chosen={chosen} waiting={list.isPending && !hidden} />
        </Suspense>
      )}
      {!wide && params.key !== null && (
        <Suspense>
          <ReaderSheet comparison={comparison} chosen={chosen} onClose={() => onChange({ key: null })} />
        </Suspense>
      )}
    </div>
  );
}

/** The chosen difference and, where there is room, the two that follow it. */
function chosenOf(
  rows: readonly DifferenceRow[],
  kind: KindDifference,
  key: string | null,
  wide: boolean,
): Chosen[] {
  const at = key === null ? 0 : rows.findIndex((row) => rowKey(row) === key);
  if (key !== null && at === -1) return [{ kind: kind.kind, typeName: kind.typeName, id: key, row: null }];
  if (!wide && key === null) return [];
  return rows
    .slice(at, at + 1 + (wide ? alsoShown : 0))
    .map((row) => ({ kind: row.kind, typeName: row.typeName, id: rowKey(row), row }));
}

function ReaderWaiting() {
  return (
    <Panel aria-busy="true">
      <SkeletonList rows={6} height={30} />
    </Panel>
  );
}
