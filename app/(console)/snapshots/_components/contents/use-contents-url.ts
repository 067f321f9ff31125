"use client";
import { parseAsString, useQueryStates } from "nuqs";
import { isTableKind, type TableKind } from "./kinds.ts";

const parsers = {
  /** keyIds, since a key can hold any byte. */
  prefix: parseAsString,
  key: parseAsString,
  pattern: parseAsString.withDefault(""),
  records: parseAsString,
  record: parseAsString,
  text: parseAsString.withDefault(""),
};

/** Where one is in a snapshot, as it stands in the URL: a link shows the next person the same key or record. */
export function useContentsUrl() {
  const [state, setState] = useQueryStates(parsers, { history: "replace", throttleMs: 200 });
  const kind = isTableKind(state.records) ? state.records : null;
  return {
    prefix: state.prefix,
    keyId: state.key,
    pattern: state.pattern,
    kind,
    record: kind === null ? null : state.record,
    text: state.text,
    showKey: (key: string | null) => void setState({ key, ...(key === null ? {} : { prefix: null }) }),
    showFolder: (prefix: string | null) => void setState({ prefix }),
    search: (pattern: string) => void setState({ pattern: pattern === "" ? null : pattern }),
    /** Tables are a place of their own, so Back leads out of them. */
    showTable: (records: TableKind | null, text = "") =>
      void setState({ records, record: null, text: text === "" ? null : text }, { history: "push" }),
    filterTable: (text: string) => void setState({ text: text === "" ? null : text, record: null }),
    showRecord: (record: string | null) => void setState({ record }),
  };
}

export type ContentsUrl = ReturnType<typeof useContentsUrl>;
