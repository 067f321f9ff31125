"use client";

import { formatObjective } from "#app/_ui/format.ts";
import { ageWords } from "../snapshots/_lib/age-words.ts";
import type { DatacenterView } from "./model.ts";
import classes from "./overview.module.css";

/** `18 min left`, or in orange how long it is overdue. */
export function LeftWords({ view }: { view: DatacenterView }) {
  if (view.ageMs === null) return <span className="fs12 c-late med">cannot be recovered</span>;
  if (view.overdueMs !== null) {
    return <span className="fs12 c-late med tn">{ageWords(view.overdueMs)} overdue</span>;
  }
  return <span className="fs12 t3 tn">{ageWords(view.objectiveMs - view.ageMs)} left</span>;
}

/**
 * The age against the objective. Inside it the bar's end is the objective; past it a mark shows where it was,
 * at the middle until the age is twice as long.
 */
export function ObjectiveBar({ view }: { view: DatacenterView }) {
  const { ageMs, objectiveMs, overdueMs } = view;
  const whole = overdueMs === null ? objectiveMs : Math.max(2 * objectiveMs, ageMs ?? 0);
  const share = ageMs === null ? 0 : Math.min(100, (ageMs / whole) * 100);
  const words =
    ageMs === null
      ? `${view.name} has no good snapshot`
      : `${ageWords(ageMs)} of ${formatObjective(view.health.objectiveMinutes)} objective`;
  return (
    <div className={classes.objective} role="img" aria-label={words} data-empty={ageMs === null || undefined}>
      <i
        style={{
          width: `${share}%`,
          background: overdueMs === null ? "var(--good-solid)" : "var(--late-solid)",
        }}
      />
      {overdueMs !== null && <u style={{ left: `${(objectiveMs / whole) * 100}%` }} />}
    </div>
  );
}
