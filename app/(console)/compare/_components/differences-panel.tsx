"use client";

import { Button } from "@mantine/core";
import { type UseInfiniteQueryResult, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { comparisonKeys } from "#app/_client/keys.ts";
import chip from "#app/_ui/chip.module.css";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { formatCount, formatNumber } from "#app/_ui/format.ts";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { PatternField } from "#app/_ui/pattern-field.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import type { DifferenceRow, KindDifference } from "#core/comparisons/contract.ts";
import { differing, isOftenChurn, kindWords } from "../_lib/kinds.ts";
import { type CompareParams, type ListedChange, listedChanges } from "../_lib/params.ts";
import { toItems } from "../_lib/rows.ts";
import type { ChangeParams } from "./compare.tsx";
import classes from "./differences.module.css";
import { DifferencesList } from "./differences-list.tsx";

type Props = {
  comparisonId: string;
  kind: KindDifference;
  list: UseInfiniteQueryResult;
  rows: readonly DifferenceRow[];
  /** Everything of this kind is churn, and churn is hidden. */
  hidden: boolean;
  params: CompareParams;
  chosen: string | null;
  onChange: ChangeParams;
};

/** The differences of one kind: keys under their folders, other records by identity. */
export function DifferencesPanel({
  comparisonId,
  kind,
  list,
  rows,
  hidden,
  params,
  chosen,
  onChange,
}: Props) {
  const words = kindWords(kind.kind, kind.typeName);
  const isKeys = kind.kind === "kv";
  const count = differing(kind) + (params.churn ? kind.churn : 0);
  return (
    <Panel className={classes.panel} aria-busy={list.isFetching}>
      <PanelHeader
        title={words.title}
        sub={
          <span className="tn">
            {formatNumber(count)} {count === 1 ? "differs" : "differ"}
          </span>
        }
      />
      {!hidden && (
        <div className={classes.filters}>
          <PatternField
            key={kind.kind}
            value={params.pattern}
            label={isKeys ? "Prefix or pattern of keys" : `Words in the name of ${words.many}`}
            placeholder={isKeys ? "Prefix or pattern, like checkout/*_key" : "Words in the name"}
            onChange={(pattern) => onChange({ pattern: pattern === "" ? null : pattern, key: null })}
          />
          <Changes kind={kind} params={params} onChange={onChange} />
        </div>
      )}
      <Rows
        comparisonId={comparisonId}
        kind={kind}
        list={list}
        rows={rows}
        hidden={hidden}
        params={params}
        chosen={chosen}
        onChange={onChange}
      />
    </Panel>
  );
}

function Rows({ comparisonId, kind, list, rows, hidden, params, chosen, onChange }: Props) {
  const isKeys = kind.kind === "kv";
  const complete = !list.hasNextPage;
  const items = useMemo(() => toItems(rows, isKeys, complete), [rows, isKeys, complete]);
  const words = kindWords(kind.kind, kind.typeName);
  const client = useQueryClient();
  const again = () => {
    void list.refetch();
    // Should the server have forgotten the comparison, asking for it makes it again.
    void client.invalidateQueries({ queryKey: comparisonKeys.one(comparisonId), exact: true });
  };
  if (hidden) return <Hidden kind={kind} onChange={onChange} />;
  if (list.isError && rows.length === 0) {
    return (
      <div className={classes.said}>
        <ErrorNote title="The differences could not be read." error={list.error} />
        <Button size="xs" onClick={again}>
          Try again
        </Button>
      </div>
    );
  }
  if (rows.length === 0 && (list.isFetching || list.hasNextPage)) {
    return (
      <>
        <SkeletonList rows={10} height={30} />
        <LookOn list={list} />
      </>
    );
  }
  if (rows.length === 0) {
    return (
      <p className={`${classes.said} t3`}>
        {params.changes?.length === 0
          ? "Choose at least one of added, changed and removed."
          : `No ${words.one} that differs fits.`}
      </p>
    );
  }
  return (
    <DifferencesList
      label={`Differences of ${words.many}`}
      items={items}
      rows={rows}
      chosen={chosen}
      resetKey={`${kind.kind} ${params.pattern} ${params.changes?.join() ?? ""} ${params.churn}`}
      onChoose={(key) => onChange({ kind: kind.kind, key })}
      {...(list.hasNextPage ? { onNearEnd: () => askOn(list) } : {})}
      isLoading={list.isFetchingNextPage}
    />
  );
}

function askOn(list: UseInfiniteQueryResult): void {
  if (!list.isFetching) void list.fetchNextPage();
}

/** The server paused before it found anything: it is asked to go on. */
function LookOn({ list }: { list: UseInfiniteQueryResult }) {
  const waits = list.hasNextPage && !list.isFetching;
  const { fetchNextPage } = list;
  useEffect(() => {
    if (waits) void fetchNextPage();
  }, [waits, fetchNextPage]);
  return null;
}

type HiddenProps = { kind: KindDifference; onChange: ChangeParams };

function Hidden({ kind, onChange }: HiddenProps) {
  const words = kindWords(kind.kind, kind.typeName);
  const count = differing(kind) + kind.churn;
  return (
    <div className={classes.said}>
      <p className="t2">
        {count === 0
          ? `All ${words.many} are identical.`
          : `${formatCount(count, "change")} of ${words.many}, counted but not listed.`}
      </p>
      {count > 0 && (
        <>
          <p className="t3 fs12">
            {isOftenChurn(kind.kind)
              ? "Sessions come and go without anyone's doing."
              : "Consul rewrites these by itself, or wrote the same again."}
          </p>
          <Button size="xs" onClick={() => onChange({ churn: true, kind: kind.kind }, "push")}>
            Show churn
          </Button>
        </>
      )}
    </div>
  );
}

const changeWords = { added: "Added", changed: "Changed", removed: "Removed" } as const;

type ChangesProps = Pick<Props, "kind" | "params" | "onChange">;

function Changes({ kind, params, onChange }: ChangesProps) {
  const on = params.changes ?? listedChanges;
  function toggle(change: ListedChange) {
    const next = listedChanges.filter((one) => (one === change ? !on.includes(one) : on.includes(one)));
    onChange({ changes: next.length === listedChanges.length ? null : next, key: null });
  }
  return (
    <fieldset className={classes.changes} aria-label="Changes">
      {listedChanges.map((change) => (
        <button
          key={change}
          type="button"
          aria-pressed={on.includes(change)}
          className={on.includes(change) ? `${chip.chip} ${chip.on}` : chip.chip}
          onClick={() => toggle(change)}
        >
          <b>{changeWords[change]}</b>
          {differing(kind) > 0 && <span className="tn">{formatNumber(kind[change])}</span>}
        </button>
      ))}
    </fieldset>
  );
}
