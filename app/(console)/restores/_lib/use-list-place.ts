"use client";
import { parseAsString, useQueryStates } from "nuqs";

/** Which part of a list the URL names: a page of it, and perhaps one snapshot alone. `input` asks for it. */
export function useListPlace() {
  const [{ cursor, snapshot }, setParams] = useQueryStates(
    { cursor: parseAsString, snapshot: parseAsString },
    { history: "push" },
  );
  return {
    cursor,
    snapshot,
    input: {
      ...(snapshot === null ? {} : { snapshotId: snapshot }),
      ...(cursor === null ? {} : { cursor }),
    },
    toCursor: (next: string | null) => void setParams({ cursor: next }),
  };
}
