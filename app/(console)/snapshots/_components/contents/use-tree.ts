"use client";
import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import { keyChildrenQuery } from "../../queries.ts";
import { type PageState, type TreeRow, toTreeRows } from "./tree-rows.ts";

const rowsPerPage = 200;

type Cursor = string | null;
const firstPage: readonly Cursor[] = [null];

/** The tree of keys: which folders are open, and as many pages of each as were scrolled into view. */
export function useTree(id: string, openAtFirst: readonly string[]) {
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(openAtFirst));
  const [cursors, setCursors] = useState<ReadonlyMap<string, readonly Cursor[]>>(new Map());

  const wanted = ["", ...open].flatMap((prefix) =>
    (cursors.get(prefix) ?? firstPage).map((cursor) => ({ prefix, cursor })),
  );
  const answers = useQueries({
    queries: wanted.map(({ prefix, cursor }) =>
      keyChildrenQuery({ id, prefix, limit: rowsPerPage, ...(cursor === null ? {} : { cursor }) }),
    ),
  });
  const pages = new Map<string, PageState[]>();
  for (const [at, { prefix }] of wanted.entries()) {
    const answer = answers[at];
    if (answer === undefined) continue;
    const { data, error, refetch } = answer;
    const known = pages.get(prefix) ?? [];
    known.push({ data, error, retry: () => void refetch() });
    pages.set(prefix, known);
  }
  const rows: TreeRow[] = toTreeRows((prefix) => pages.get(prefix) ?? [], open);

  const top = pages.get("")?.[0];
  return {
    rows,
    /** Of the whole snapshot; undefined until they are known. */
    totals: top?.data?.totals,
    error: top?.error ?? null,
    retry: top?.retry,
    isOpen: (prefix: string) => open.has(prefix),
    setOpen: (prefix: string, isOpen: boolean) =>
      setOpen((before) => {
        const after = new Set(before);
        if (isOpen) after.add(prefix);
        else after.delete(prefix);
        return after;
      }),
    openAll: (prefixes: readonly string[]) => setOpen((before) => new Set([...before, ...prefixes])),
    loadMore: (prefix: string, cursor: string) =>
      setCursors((before) => {
        const known = before.get(prefix) ?? firstPage;
        return known.includes(cursor) ? before : new Map(before).set(prefix, [...known, cursor]);
      }),
  };
}
