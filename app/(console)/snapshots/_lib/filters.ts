import { parseAsBoolean, parseAsString, parseAsStringLiteral } from "nuqs";
import type { ListInput } from "#core/snapshots/contract.ts";
import { parseRange } from "./range.ts";
import { filterSources, filterStates } from "./vocabulary.ts";

/** The filters of the history as they stand in its URL, so that a link shows the same rows to the next person. */
export const filterParsers = {
  q: parseAsString.withDefault(""),
  clusterId: parseAsString,
  datacenter: parseAsString,
  state: parseAsStringLiteral(filterStates),
  source: parseAsStringLiteral(filterSources),
  pinned: parseAsBoolean,
  taken: parseAsString,
  cursor: parseAsString,
};

export type HistoryFilters = {
  q: string;
  clusterId: string | null;
  datacenter: string | null;
  state: (typeof filterStates)[number] | null;
  source: (typeof filterSources)[number] | null;
  pinned: boolean | null;
  taken: string | null;
  cursor: string | null;
};

export const rowsPerPage = 50;

/** Only what is set, because the API reads `pinned=false` as text and any text as true. */
export function toListInput(filters: HistoryFilters, nowMs: number): ListInput {
  const range = parseRange(filters.taken, nowMs);
  const q = filters.q.trim();
  return {
    ...(q === "" ? {} : { q }),
    ...(filters.clusterId === null ? {} : { clusterId: filters.clusterId }),
    ...(filters.datacenter === null ? {} : { datacenter: filters.datacenter }),
    ...(filters.state === null ? {} : { state: filters.state }),
    ...(filters.source === null ? {} : { source: filters.source }),
    ...(filters.pinned === true ? { pinned: true } : {}),
    ...(range === null ? {} : { from: new Date(range.fromMs).toISOString() }),
    ...(range === null || range.toMs === null ? {} : { to: new Date(range.toMs).toISOString() }),
    ...(filters.cursor === null ? {} : { cursor: filters.cursor }),
    limit: rowsPerPage,
  };
}

/** Whether anything but the page is narrowed down; an empty list then isn't an empty history. */
export function isFiltered(filters: HistoryFilters): boolean {
  const { cursor: _page, q, pinned, ...rest } = filters;
  return q.trim() !== "" || pinned === true || Object.values(rest).some((value) => value !== null);
}

export const noFilters: HistoryFilters = {
  q: "",
  clusterId: null,
  datacenter: null,
  state: null,
  source: null,
  pinned: null,
  taken: null,
  cursor: null,
};
