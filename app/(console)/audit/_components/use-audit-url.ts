"use client";

import { useDebouncedValue } from "@mantine/hooks";
import { useQueryStates } from "nuqs";
import { useCallback } from "react";
import { useNow } from "#app/_ui/time.tsx";
import { type AuditFilters, isFiltered, toFilterInput, toListInput, urlParsers } from "../_lib/filters.ts";
import { timeStepMs } from "../_lib/time-range.ts";

/** A page of the list, by the cursor that leads to it; the newest one has none. */
export type PageCursor = { before: string } | { newer: string } | null;

const typingPauseMs = 250;
const toPage = (cursor: PageCursor) => ({ before: null, newer: null, ...cursor });

/** Everything that the page shows, as its URL says it. */
export function useAuditUrl() {
  const [state, setState] = useQueryStates(urlParsers);
  const nowMs = useNow(timeStepMs);
  // The field shows each letter at once; typing a word is one request and not five.
  const [q] = useDebouncedValue(state.q, typingPauseMs);
  const none = state.entry === null;
  /** Opening is a step that Back undoes; going on from one entry to the next is not. */
  const open = useCallback(
    (entry: number | null, cursor?: PageCursor) =>
      void setState(
        { entry, ...(cursor === undefined ? {} : toPage(cursor)) },
        { history: none ? "push" : "replace" },
      ),
    [setState, none],
  );

  return {
    filters: state satisfies AuditFilters,
    filtered: isFiltered(state),
    entry: state.entry,
    input: toListInput({ ...state, q }, nowMs),
    nowMs,
    /** Of the rows that are shown, without the page. */
    exportInput: () => toFilterInput(state, nowMs),
    /** A cursor belongs to the filter that it was made with. Letters of the search are no steps to go back to. */
    change(next: Partial<AuditFilters & { entry: null }>) {
      const typing = Object.keys(next).length === 1 && "q" in next;
      void setState(
        { ...toPage(null), ...next },
        typing ? { history: "replace", throttleMs: 300 } : { history: "push" },
      );
    },
    page: (cursor: PageCursor) => void setState(toPage(cursor), { history: "push" }),
    open,
  };
}

export type AuditUrl = ReturnType<typeof useAuditUrl>;
