"use client";

import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { formatNumber } from "#app/_ui/format.ts";
import { KeyName } from "#app/_ui/key-name.tsx";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { Sign } from "#app/_ui/sign.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { Tag } from "#app/_ui/state-badge.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import type { Recovery, RecoveryItem } from "#core/recoveries/contract.ts";
import {
  actionWords,
  type Filter,
  filtersOf,
  isShow,
  partsWords,
  resultStates,
  type Show,
  sizeWords,
} from "../_lib/item-words.ts";
import { countOf } from "../_lib/recovery-words.ts";
import { recoveryItemsQuery } from "../queries.ts";
import classes from "./parts.module.css";

/** Every key and record of the plan: what is done to it, and what became of that. Names only, never values. */
export function ItemsPanel({ row }: { row: Recovery }) {
  const [asked, setAsked] = useQueryState("show", parseAsString);
  const show = asked !== null && isShow(asked) ? asked : null;
  const { create, update, unchanged } = row.counts;
  return (
    <Panel aria-label="Plan">
      <PanelHeader title="Plan" sub={`${countOf(row, create + update + unchanged)} chosen`} />
      <Filters filters={filtersOf(row.counts)} chosen={show} onChoose={(next) => void setAsked(next)} />
      <Items id={row.id} show={show} />
    </Panel>
  );
}

type FiltersProps = {
  filters: readonly Filter[];
  chosen: Show | null;
  onChoose: (show: Show | null) => void;
};

function Filters({ filters, chosen, onChoose }: FiltersProps) {
  if (filters.length < 2 && chosen === null) return null;
  return (
    <fieldset className={classes.filters} style={{ margin: 0, borderWidth: "0 0 1px" }}>
      <legend className="sr-only">Show</legend>
      <button
        type="button"
        className={classes.filter}
        aria-pressed={chosen === null}
        onClick={() => onChoose(null)}
      >
        All
      </button>
      {filters.map(({ show, word, count }) => (
        <button
          key={show}
          type="button"
          className={classes.filter}
          aria-pressed={chosen === show}
          onClick={() => onChoose(chosen === show ? null : show)}
        >
          {word} <span className="tn">{formatNumber(count)}</span>
        </button>
      ))}
    </fieldset>
  );
}

function Items({ id, show }: { id: string; show: Show | null }) {
  const query = useInfiniteQuery(recoveryItemsQuery(id, show ?? ""));
  const rows = (query.data?.pages ?? []).flatMap((page) => page.rows);
  if (query.isPending) return <SkeletonList rows={8} />;
  if (query.data === undefined) {
    return (
      <div className={classes.message}>
        <ErrorNote title="The plan could not be read." error={query.error}>
          <Button size="xs" onClick={() => void query.refetch()}>
            Try again
          </Button>
        </ErrorNote>
      </div>
    );
  }
  if (rows.length === 0) {
    return <p className={`t3 ${classes.message}`}>{show === null ? "The plan is empty." : "None."}</p>;
  }
  return (
    <>
      <ul className={classes.items} aria-label="What the plan does">
        {rows.map((item) => (
          <Item key={item.key} item={item} />
        ))}
      </ul>
      {query.hasNextPage && (
        <div className={classes.more}>
          {query.isFetchNextPageError && (
            <ErrorNote title="The rest could not be read." error={query.error} />
          )}
          <Button size="xs" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}

function Item({ item }: { item: RecoveryItem }) {
  const result = item.result === null ? null : resultStates[item.result];
  const parts = partsWords(item);
  return (
    <li>
      <Sign {...actionWords[item.action]} />
      <span className={classes.name}>
        <KeyName text={item.name?.text ?? item.label} isUtf8={item.name?.isUtf8 ?? true} />
        {item.closed !== null && <Tag>redacted</Tag>}
        {parts !== "" && <span className="t3 fs12">{parts}</span>}
      </span>
      <span className="t3 fs12 tn nowrap">{sizeWords(item)}</span>
      <span data-result>
        {result !== null && <StateText small state={result.state} word={result.word} />}
      </span>
      {item.resultText !== "" && <span className={classes.said}>{item.resultText}</span>}
    </li>
  );
}
