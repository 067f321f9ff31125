import { parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs";
import type { AuditListInput, AuditOutcome, ExportInput } from "#core/audit/contract.ts";
import { parseTime } from "./time-range.ts";

/** What the filter offers, the ends of acts before their beginnings. */
export const filterOutcomes = [
  "ok",
  "denied",
  "failed",
  "unknown",
  "intent",
] as const satisfies readonly AuditOutcome[];

/** The filter, the page and the open entry as they stand in the URL, so that a link shows what its sender saw. */
export const urlParsers = {
  q: parseAsString.withDefault(""),
  actor: parseAsString,
  action: parseAsString,
  outcome: parseAsStringLiteral(filterOutcomes),
  time: parseAsString,
  target: parseAsString,
  snapshot: parseAsString,
  correlation: parseAsString,
  /** The cursor of an older page, and of a newer one; never both. */
  before: parseAsString,
  newer: parseAsString,
  entry: parseAsInteger,
};

export type AuditFilters = {
  q: string;
  actor: string | null;
  action: string | null;
  outcome: AuditOutcome | null;
  time: string | null;
  target: string | null;
  snapshot: string | null;
  correlation: string | null;
};
export type AuditUrlState = AuditFilters & {
  before: string | null;
  newer: string | null;
  entry: number | null;
};

export const noFilters: AuditFilters = {
  q: "",
  actor: null,
  action: null,
  outcome: null,
  time: null,
  target: null,
  snapshot: null,
  correlation: null,
};

export const rowsPerPage = 100;

/** Only what is set, because an empty text would be a filter too. */
export function toFilterInput(filters: AuditFilters, nowMs: number): Omit<ExportInput, "format"> {
  const range = parseTime(filters.time, nowMs);
  const q = filters.q.trim();
  return {
    ...(q === "" ? {} : { q }),
    ...(filters.actor === null ? {} : { actor: filters.actor }),
    ...(filters.action === null ? {} : { action: filters.action }),
    ...(filters.outcome === null ? {} : { outcome: filters.outcome }),
    ...(range === null ? {} : { from: new Date(range.fromMs).toISOString() }),
    ...(range === null || range.toMs === null ? {} : { to: new Date(range.toMs).toISOString() }),
    ...(filters.target === null ? {} : { targetId: filters.target }),
    ...(filters.snapshot === null ? {} : { snapshotId: filters.snapshot }),
    ...(filters.correlation === null ? {} : { correlationId: filters.correlation }),
  };
}

export function toListInput(state: Omit<AuditUrlState, "entry">, nowMs: number): AuditListInput {
  return {
    ...toFilterInput(state, nowMs),
    ...(state.before === null ? {} : { before: state.before }),
    ...(state.newer === null || state.before !== null ? {} : { newer: state.newer }),
    limit: rowsPerPage,
  };
}

/** Whether anything is narrowed down; an empty list then isn't an empty log. */
export function isFiltered(filters: AuditFilters): boolean {
  const { q, actor, action, outcome, time, target, snapshot, correlation } = filters;
  return (
    q.trim() !== "" ||
    [actor, action, outcome, time, target, snapshot, correlation].some((value) => value !== null)
  );
}
