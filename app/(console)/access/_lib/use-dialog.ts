"use client";
import { useState } from "react";
import { useReturnFocus } from "#app/_ui/use-return-focus.ts";

/** The dialog that was opened last; it stays while it fades out. */
export type Shown<T> = { what: T; opened: boolean; times: number };

/**
 * Which dialog is open. `times` is the key to mount it with, so that no draft and no secret survives a closed one;
 * the focus goes back to where it was.
 */
export function useDialog<T>() {
  const [shown, setShown] = useState<Shown<T> | null>(null);
  useReturnFocus(shown?.opened ?? false);
  return {
    shown,
    open: (what: T) => setShown((was) => ({ what, opened: true, times: (was?.times ?? 0) + 1 })),
    close: () => setShown((was) => (was === null ? null : { ...was, opened: false })),
  };
}
