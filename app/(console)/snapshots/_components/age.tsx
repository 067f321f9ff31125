"use client";

import { ageMs } from "#app/_ui/format-time.ts";
import { useTicking } from "#app/_ui/time.tsx";
import { ageWords } from "../_lib/age-words.ts";

/** A ticking age with hours and minutes: `1 h 52 min`. */
export function Age({ at, suffix = "" }: { at: string; suffix?: string }) {
  const words = useTicking((now) => ageWords(ageMs(at, now) ?? 0));
  return (
    <time dateTime={at}>
      {words}
      {suffix}
    </time>
  );
}
