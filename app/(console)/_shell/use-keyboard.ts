"use client";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { areas } from "./areas.ts";
import { openShortcuts } from "./shortcut-store.ts";

const sequenceMs = 1_200;

/** True while a key belongs to a field, a menu or a dialog and not to the page. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (
    target.isContentEditable ||
    target.closest("input, textarea, select, [role='menu'], [role='listbox']") !== null
  )
    return true;
  return document.querySelector("[role='dialog'][aria-modal='true']") !== null;
}

/** Ctrl K, `g` and an area's letter, `/` and `?`. No shortcut restores or deletes. */
export function useKeyboard(focusFind: () => void): void {
  const router = useRouter();
  useEffect(() => {
    let goUntil = 0;
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        focusFind();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event)) return;
      if (performance.now() < goUntil) {
        goUntil = 0;
        const area = areas.find((candidate) => candidate.key === event.key);
        if (area !== undefined) {
          event.preventDefault();
          router.push(area.href);
        }
        return;
      }
      if (event.key === "g") goUntil = performance.now() + sequenceMs;
      if (event.key === "?") openShortcuts();
      if (event.key === "/" && focusFilter()) event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [router, focusFind]);
}

/** A page marks its filter field with `data-filter-input`. */
function focusFilter(): boolean {
  const field = document.querySelector<HTMLElement>("[data-filter-input]");
  field?.focus();
  return field !== null;
}
