"use client";
import { parseAsArrayOf, parseAsInteger, parseAsString, useQueryStates } from "nuqs";
import type { AuditListInput } from "#core/audit/contract.ts";
import { isOutcome } from "./audit-words.ts";

const rowsPerPage = 100;

const parsers = {
  q: parseAsString.withDefault(""),
  action: parseAsString,
  outcome: parseAsString,
  /** The cursors of the pages on the way here, so that the way back needs no other query. */
  pages: parseAsArrayOf(parseAsInteger).withDefault([]),
};

/** The filter and the page as they stand in the URL, so that a link shows what its sender saw. */
export function useAuditFilter() {
  const [state, setState] = useQueryStates(parsers, { history: "replace", throttleMs: 200 });
  const before = state.pages.at(-1);
  const input: AuditListInput = {
    limit: rowsPerPage,
    ...(state.q === "" ? {} : { q: state.q }),
    ...(state.action === null ? {} : { action: state.action }),
    ...(isOutcome(state.outcome) ? { outcome: state.outcome } : {}),
    ...(before === undefined ? {} : { before }),
  };
  /** A changed filter begins at the newest entry again. */
  const filter = (change: Partial<{ q: string; action: string | null; outcome: string | null }>) =>
    void setState({ ...change, pages: [] });
  return {
    state,
    input,
    offset: state.pages.length * rowsPerPage,
    filtered: state.q !== "" || state.action !== null || state.outcome !== null,
    filter,
    older: (nextBefore: number) =>
      void setState({ pages: [...state.pages, nextBefore] }, { history: "push" }),
    newer: () => void setState({ pages: state.pages.slice(0, -1) }, { history: "push" }),
  };
}

export type AuditFilter = ReturnType<typeof useAuditFilter>;
