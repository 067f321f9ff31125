"use client";

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { SnapshotRow } from "#core/snapshots/contract.ts";

export type Selection = {
  /** In the order they were picked, as they were when picked. */
  rows: readonly SnapshotRow[];
  has: (id: string) => boolean;
  /** With `range`, everything between the last one picked and this one. */
  toggle: (row: SnapshotRow, range: boolean) => void;
  setAll: (rows: readonly SnapshotRow[], on: boolean) => void;
  clear: () => void;
};

/** Picked rows, over several pages. `current` are the rows on screen, for ranges and for fresh facts. */
export function useSelection(current: readonly SnapshotRow[]): Selection {
  const [picked, setPicked] = useState<ReadonlyMap<string, SnapshotRow>>(new Map());
  const lastId = useRef<string | null>(null);
  const currentRows = useRef(current);
  useEffect(() => {
    currentRows.current = current;
  }, [current]);

  const toggle = useCallback((row: SnapshotRow, range: boolean) => {
    const between = range ? rowsBetween(currentRows.current, lastId.current, row.id) : [row];
    lastId.current = row.id;
    setPicked((before) => {
      const next = new Map(before);
      const on = !before.has(row.id);
      for (const one of between) {
        if (on) next.set(one.id, one);
        else next.delete(one.id);
      }
      return next;
    });
  }, []);

  const setAll = useCallback((rows: readonly SnapshotRow[], on: boolean) => {
    setPicked((before) => {
      const next = new Map(before);
      for (const row of rows) {
        if (on) next.set(row.id, row);
        else next.delete(row.id);
      }
      return next;
    });
  }, []);

  const clear = useCallback(() => setPicked(new Map()), []);
  const rows = useMemo(() => {
    const fresh = new Map(current.map((row) => [row.id, row]));
    return [...picked.values()].map((row) => fresh.get(row.id) ?? row);
  }, [picked, current]);
  const has = useCallback((id: string) => picked.has(id), [picked]);
  return { rows, has, toggle, setAll, clear };
}

function rowsBetween(rows: readonly SnapshotRow[], fromId: string | null, toId: string): SnapshotRow[] {
  const from = rows.findIndex((row) => row.id === fromId);
  const to = rows.findIndex((row) => row.id === toId);
  if (to === -1) return [];
  if (from === -1) return rows.slice(to, to + 1);
  return rows.slice(Math.min(from, to), Math.max(from, to) + 1);
}
