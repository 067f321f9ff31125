"use client";

import { type RefObject, useEffect } from "react";
import type { SnapshotRow } from "#core/snapshots/contract.ts";

type Input = {
  /** What holds the rows, each with `data-row-id`. */
  area: RefObject<HTMLElement | null>;
  rows: readonly SnapshotRow[];
  onSelect: (row: SnapshotRow) => void;
  onOpen: (row: SnapshotRow) => void;
};

/** `j` and `k` move the focus from row to row, `x` selects and Enter opens the row that has it. */
export function useRowKeys({ area, rows, onSelect, onOpen }: Input): void {
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isElsewhere(event))
        return;
      const current = focusedRow(area.current);
      if (event.key === "j" || event.key === "k") {
        move(area.current, current, event.key === "j" ? 1 : -1);
        event.preventDefault();
        return;
      }
      const row = rows.find((candidate) => candidate.id === current?.dataset.rowId);
      if (!row) return;
      if (event.key === "x") onSelect(row);
      // A link or a button in the row has its own Enter.
      if (event.key === "Enter" && document.activeElement === current) onOpen(row);
    }
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [area, rows, onSelect, onOpen]);
}

/** Keys that are typed into a field, a menu or a dialog. A checkbox of a row takes no letters. */
export function isElsewhere(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (document.querySelector("[role='dialog'][aria-modal='true'], [role='alertdialog'][aria-modal='true']"))
    return true;
  if (target.isContentEditable) return true;
  return (
    target.closest("input:not([type='checkbox']), textarea, select, [role='menu'], [role='listbox']") !== null
  );
}

function focusedRow(area: HTMLElement | null): HTMLElement | null {
  const active = document.activeElement;
  const row = active instanceof HTMLElement ? active.closest<HTMLElement>("[data-row-id]") : null;
  return row && area?.contains(row) ? row : null;
}

function move(area: HTMLElement | null, from: HTMLElement | null, step: 1 | -1): void {
  const all = [...(area?.querySelectorAll<HTMLElement>("[data-row-id]") ?? [])];
  const at = from ? all.indexOf(from) : -1;
  const next = all[at === -1 ? (step === 1 ? 0 : all.length - 1) : at + step];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}
