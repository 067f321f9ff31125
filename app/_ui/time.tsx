"use client";
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { formatAge } from "./format.ts";
import {
  ageMs,
  localTitle,
  type Moment,
  utcDay,
  utcMinute,
  utcShort,
  utcTime,
  utcTitle,
} from "./format-time.ts";

// One timer for the whole page: every ticking text reads the same second, and nothing ticks while no text does.
let current = 0;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    current = Date.now();
    for (const notify of listeners) notify();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

const ServerNow = createContext(0);

/** The server's clock at rendering, so that the first paint in the browser says the same as the HTML. */
export function TimeProvider({ nowMs, children }: { nowMs: number; children: ReactNode }) {
  return <ServerNow value={nowMs}>{children}</ServerNow>;
}

/** A text that follows the clock. The component renders again only when the text changes, not every second. */
export function useTicking(toText: (now: number) => string): string {
  const serverNow = useContext(ServerNow);
  return useSyncExternalStore(
    subscribe,
    () => toText(current === 0 ? serverNow || Date.now() : current),
    () => toText(serverNow),
  );
}

/** Milliseconds since 1970, a new value every `stepMs` (a second at least). */
export function useNow(stepMs = 1_000): number {
  return Number(useTicking((now) => String(Math.floor(now / stepMs) * stepMs)));
}

/** Rendered only in the browser, because the server does not know the reader's zone. */
function useLocalTitle(at: Moment): string | undefined {
  const [title, setTitle] = useState<string>();
  useEffect(() => setTitle(localTitle(at)), [at]);
  return title;
}

function iso(at: Moment): string | undefined {
  return at === null || at === undefined || at === "" ? undefined : new Date(at).toISOString();
}

/** The clock of the top bar: `Thu 23 Jul 03:14:22 UTC`; `short` is `03:14 UTC`. */
export function Clock({ short = false }: { short?: boolean }) {
  const day = useTicking((now) => utcDay(now, now));
  const time = useTicking((now) => (short ? utcMinute(now) : utcTime(now)));
  return (
    <time role="timer" aria-live="off" className="nowrap fs12 t2">
      {short ? "" : `${day} `}
      <b className="med" style={{ color: "var(--text)" }}>
        {time}
      </b>{" "}
      UTC
    </time>
  );
}

type AgoProps = { at: Moment; units?: 1 | 2; suffix?: string; className?: string };

/** A ticking age: `42 min`. `suffix=" ago"` where it doesn't stand behind the time itself. */
export function Ago({ at, units = 1, suffix = "", className }: AgoProps) {
  const text = useTicking((now) => formatAge(ageMs(at, now), { units }));
  const serverNow = useContext(ServerNow);
  return (
    <time dateTime={iso(at)} title={utcTitle(at, serverNow)} className={className}>
      {text}
      {suffix}
    </time>
  );
}

type UtcProps = {
  at: Moment;
  /** time 02:32:04 · minute 02:32 · day Thu 23 Jul · short 02:32 or 22 Jul 02:32 · title the whole. */
  as?: "time" | "minute" | "day" | "short" | "title";
  className?: string;
};

/** A moment in UTC, with the reader's own time in the tooltip. */
export function Utc({ at, as = "time", className }: UtcProps) {
  const title = useLocalTitle(at);
  const text = useTicking((now) => inForm(at, as, now));
  return (
    <time dateTime={iso(at)} title={title} className={className}>
      {text}
    </time>
  );
}

function inForm(at: Moment, as: NonNullable<UtcProps["as"]>, now: number): string {
  switch (as) {
    case "time":
      return utcTime(at);
    case "minute":
      return utcMinute(at);
    case "day":
      return utcDay(at, now);
    case "short":
      return utcShort(at, now);
    case "title":
      return utcTitle(at, now);
    default:
      return as satisfies never;
  }
}
