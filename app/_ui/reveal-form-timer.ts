"use client";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { revealSeconds as RevealSeconds } from "#core/contents/contract.ts";

const revealSeconds: typeof RevealSeconds = 60;

type Shown<T> = { value: T; untilMs: number };

/**
 * Holds what was revealed for a minute and then lets go of it. It lives in this component alone: never in the
 * query cache, never in the mutation's result, and not in a page that the browser keeps for the Back button.
 */
export function useReveal<T>(reveal: (reason: string) => Promise<T>) {
  const [shown, setShown] = useState<Shown<T> | null>(null);
  const [secondsLeft, setSecondsLeft] = useState<number>(revealSeconds);
  const mutation = useMutation({
    gcTime: 0,
    mutationFn: async (reason: string) => {
      const value = await reveal(reason);
      setSecondsLeft(revealSeconds);
      setShown({ value, untilMs: Date.now() + revealSeconds * 1_000 });
    },
  });
  useEffect(() => {
    if (shown === null) return;
    const hide = () => setShown(null);
    const timer = setInterval(() => {
      const left = Math.ceil((shown.untilMs - Date.now()) / 1_000);
      if (left <= 0) hide();
      else setSecondsLeft(left);
    }, 250);
    window.addEventListener("pagehide", hide);
    return () => {
      clearInterval(timer);
      window.removeEventListener("pagehide", hide);
    };
  }, [shown]);
  return {
    /** Null while it is closed. */
    value: shown?.value ?? null,
    secondsLeft,
    hide: () => setShown(null),
    reveal: (reason: string) => mutation.mutate(reason),
    pending: mutation.isPending,
    error: mutation.error,
  };
}
