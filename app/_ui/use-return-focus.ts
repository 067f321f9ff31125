"use client";
import { useEffect, useRef } from "react";

/**
 * Gives the focus back to where it was when `opened` turned true. For dialogs that load late: Mantine's own
 * return works only for a dialog that was mounted, closed, before it was opened. Call it where the state is.
 */
export function useReturnFocus(opened: boolean): void {
  const from = useRef<HTMLElement | null>(null);
  useEffect(() => {
    if (opened) {
      from.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
      return;
    }
    if (from.current?.isConnected === true) from.current.focus();
    from.current = null;
  }, [opened]);
}
