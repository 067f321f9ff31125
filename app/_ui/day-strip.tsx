"use client";
import { type KeyboardEvent, useId, useRef, useState } from "react";
import { type DayOutcome, outcomeWords, type StripDay } from "./day-outcome.ts";
import css from "./day-strip.module.css";
import { utcDate, utcDay } from "./format-time.ts";
import { useNow } from "./time.tsx";

type Props = {
  /** Oldest first. */
  days: readonly StripDay[];
  /** Whose days these are: "dc1, last 30 days". */
  label: string;
  /** The first date and "today" below the strip. */
  ends?: boolean;
};

const dayMs = 86_400_000;

/**
 * Thirty days, each a shape and a colour. One stop for the Tab key, arrow keys inside, and one tooltip for
 * all cells. The text summary (`stripSummary`) stands next to it, where the page has the room.
 */
export function DayStrip({ days, label, ends = false }: Props) {
  const [shown, setShown] = useState<number | null>(null);
  const [stop, setStop] = useState(days.length - 1);
  const cells = useRef<(HTMLSpanElement | null)[]>([]);
  const tipId = useId();
  const now = useNow(dayMs);
  const day = shown === null ? undefined : days[shown];
  const move = (event: KeyboardEvent, place: number) => {
    if (event.key === "Escape") setShown(null);
    const target = nextPlace(event.key, place, days.length);
    if (target === null) return;
    event.preventDefault();
    setStop(target);
    cells.current[target]?.focus();
  };
  return (
    <div>
      <div className={css.wrap}>
        <ol className={css.days} aria-label={label}>
          {days.map((each, place) => (
            <li key={each.date} className={css.slot}>
              <span
                ref={(element) => {
                  cells.current[place] = element;
                }}
                role="img"
                tabIndex={place === Math.min(stop, days.length - 1) ? 0 : -1}
                aria-label={nameOf(each, now)}
                aria-describedby={shown === place ? tipId : undefined}
                className={css.cell}
                data-outcome={each.outcome}
                onMouseEnter={() => setShown(place)}
                onMouseLeave={() => setShown(null)}
                onFocus={() => {
                  setShown(place);
                  setStop(place);
                }}
                onBlur={() => setShown(null)}
                onKeyDown={(event) => move(event, place)}
              >
                {each.outcome === "failed" && <Cross />}
              </span>
            </li>
          ))}
        </ol>
        {day !== undefined && shown !== null && (
          <div id={tipId} role="tooltip" className={css.tip} style={tipPlace(shown, days.length)}>
            <b className="med">{utcDay(day.date, now)}</b>{" "}
            {day.text ?? outcomeWords[day.outcome].toLowerCase()}
          </div>
        )}
      </div>
      {ends && days[0] !== undefined && (
        <div className={css.ends} aria-hidden>
          <span>{utcDate(days[0].date, now)}</span>
          <span>today</span>
        </div>
      )}
    </div>
  );
}

/** What the shapes mean, for the head of a page with several strips. */
export function DayStripKey({
  outcomes = ["good", "stale", "overdue", "failed", "missing"],
}: {
  outcomes?: readonly DayOutcome[];
}) {
  return (
    <div className={css.keys}>
      {outcomes.map((outcome) => (
        <span key={outcome} className={css.key}>
          <span className={css.cell} data-outcome={outcome} aria-hidden>
            {outcome === "failed" && <Cross />}
          </span>
          {outcomeWords[outcome]}
        </span>
      ))}
    </div>
  );
}

function Cross() {
  return (
    <svg viewBox="0 0 7 7" aria-hidden="true">
      <path d="M1 1l5 5M6 1L1 6" />
    </svg>
  );
}

function nameOf(day: StripDay, now: number): string {
  const words = outcomeWords[day.outcome];
  return `${utcDay(day.date, now)}: ${words}${day.text === undefined ? "" : `, ${day.text}`}`;
}

/** Over its cell, but never past the ends of the strip. */
function tipPlace(place: number, count: number) {
  const share = (place + 0.5) / count;
  if (share < 0.25) return { left: 0 };
  if (share > 0.75) return { right: 0 };
  return { left: `${share * 100}%`, transform: "translateX(-50%)" };
}

function nextPlace(key: string, place: number, count: number): number | null {
  if (key === "ArrowRight") return Math.min(count - 1, place + 1);
  if (key === "ArrowLeft") return Math.max(0, place - 1);
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return null;
}
