"use client";

import { type RefObject, useEffect } from "react";
import { isTyping } from "../../_shell/use-keyboard.ts";

/** `j` and `k` move the focus from row to row, Enter opens the row that has it. Rows carry `data-row-id`. */
export function useEntryKeys(area: RefObject<HTMLElement | null>, onOpen: (entry: number) => void): void {
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      const active = document.activeElement;
      const current = active?.closest<HTMLElement>("[data-row-id]") ?? null;
      if (event.key === "j" || event.key === "k") {
        event.preventDefault();
        move(area.current, current, event.key === "j" ? 1 : -1);
      }
      // A link in the row has its own Enter.
      if (event.key === "Enter" && current !== null && active === current) {
        event.preventDefault();
        onOpen(Number(current.dataset.rowId));
      }
    }
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [area, onOpen]);
}

function move(area: HTMLElement | null, from: HTMLElement | null, step: 1 | -1): void {
  const all = [...(area?.querySelectorAll<HTMLElement>("[data-row-id]") ?? [])];
  const at = from === null ? -1 : all.indexOf(from);
  const next = all[at === -1 ? (step === 1 ? 0 : all.length - 1) : at + step];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}
