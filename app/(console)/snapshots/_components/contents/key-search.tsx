"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { formatCount, formatNumber } from "#app/_ui/format.ts";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import type { KeyEntry } from "#core/contents/contract.ts";
import { keySearchQuery } from "../../queries.ts";
import { IndexingNote } from "./indexing-note.tsx";
import { KeyTree } from "./key-tree.tsx";
import css from "./keys.module.css";
import { toFlatRows } from "./tree-rows.ts";

type Props = {
  id: string;
  pattern: string;
  /** In the whole snapshot. */
  keys: number | null;
  selected: string | null;
  onSelect: (entry: KeyEntry) => void;
};

const noMore = () => undefined;

/** What a prefix or a pattern finds, as a flat list of whole keys. */
export function KeySearch({ id, pattern, keys, selected, onSelect }: Props) {
  const query = useInfiniteQuery(keySearchQuery({ id, pattern }));
  const { fetchNextPage, hasNextPage, isFetchingNextPage, isFetchNextPageError } = query;
  const pages = query.data?.pages ?? [];
  const entries = pages.flatMap((page) => page.rows);
  const scanned = pages.reduce((sum, page) => sum + page.scanned, 0);
  const paused = pages.at(-1)?.ended === "budget" && hasNextPage;
  const goOn = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  // The server paused to let others work; nobody has to ask for the rest.
  useEffect(() => {
    if (paused) goOn();
  }, [paused, goOn]);

  if (query.isPending) {
    return (
      <div className={css.message} aria-busy="true">
        <IndexingNote />
        <SkeletonList rows={8} height={28} />
      </div>
    );
  }
  if (query.data === undefined) {
    return (
      <div className={css.message}>
        <ErrorNote title="The keys could not be searched." error={query.error} />
      </div>
    );
  }
  return (
    <>
      <p role="status" className={css.found}>
        {foundWords(entries.length, hasNextPage)}
        {paused &&
          `, searching further: ${formatNumber(scanned)}${keys === null ? "" : ` of ${formatNumber(keys)}`} keys looked at`}
      </p>
      {entries.length > 0 ? (
        <KeyTree
          label="Keys found"
          rows={toFlatRows(entries, !hasNextPage)}
          selected={selected}
          onSelect={({ child }) => child.entry !== null && onSelect(child.entry)}
          onOpen={noMore}
          onMore={noMore}
          onEnd={goOn}
        />
      ) : (
        <div className={css.message}>
          {!hasNextPage && (
            <p className="t3">
              No key begins with this. <span className="mono">*</span> stands for any letters,{" "}
              <span className="mono">?</span> for one.
            </p>
          )}
        </div>
      )}
      {query.isFetchNextPageError && (
        <div className={css.foot}>
          <ErrorNote title="The rest could not be searched." error={query.error}>
            <button type="button" className="link" onClick={() => void fetchNextPage()}>
              Try again
            </button>
          </ErrorNote>
        </div>
      )}
    </>
  );
}

function foundWords(count: number, more: boolean): string {
  return more ? `${formatNumber(count)} keys so far` : formatCount(count, "key");
}
