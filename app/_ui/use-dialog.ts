"use client";
import { useState } from "react";
import { useReturnFocus } from "./use-return-focus.ts";

/** `shown` is the dialog that was opened last; it stays while it fades out. */
export type Dialog<T> = {
  shown: { what: T; opened: boolean; times: number } | null;
  open: (what: T) => void;
  close: () => void;
};

/** Which dialog is open, for a `<DialogSlot>`; the focus goes back to where it was. */
export function useDialog<T>(): Dialog<T> {
  const [shown, setShown] = useState<Dialog<T>["shown"]>(null);
  useReturnFocus(shown?.opened ?? false);
  return {
    shown,
    open: (what) => setShown((was) => ({ what, opened: true, times: (was?.times ?? 0) + 1 })),
    close: () => setShown((was) => (was === null ? null : { ...was, opened: false })),
  };
}
