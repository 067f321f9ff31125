import { type Icon, IconAlertTriangle, IconCheck, IconCircle, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import css from "./phases.module.css";
import type { Tone } from "./states.ts";

export type PhaseState = "done" | "run" | "wait" | "bad" | "warn";
export type Phase = {
  key: string;
  what: ReactNode;
  state: PhaseState;
  /** What stands in the dot while it waits or runs; done and failed have their own. */
  icon?: Icon;
  /** At the right: how long it took, or how far it is. */
  when?: ReactNode;
  more?: ReactNode;
};

const spoken: Record<PhaseState, string> = {
  done: "done",
  run: "in progress",
  wait: "not started",
  bad: "failed",
  warn: "warning",
};

/** The steps of a long act from top to bottom. Put it inside an `aria-live="polite"` region at most once. */
export function Phases({ phases }: { phases: readonly Phase[] }) {
  return (
    <ol className={css.phases}>
      {phases.map((phase) => {
        const Picture = iconOf(phase);
        return (
          <li
            key={phase.key}
            className={css.phase}
            data-state={phase.state}
            aria-current={phase.state === "run" ? "step" : undefined}
          >
            <span className={css.dot}>
              <Picture aria-hidden />
            </span>
            <span className={css.what}>
              {phase.what}
              <span className="sr-only">, {spoken[phase.state]}</span>
            </span>
            <span className={css.when}>{phase.when}</span>
            {phase.more !== undefined && <div className={css.more}>{phase.more}</div>}
          </li>
        );
      })}
    </ol>
  );
}

function iconOf(phase: Phase): Icon {
  switch (phase.state) {
    case "done":
      return IconCheck;
    case "bad":
      return IconX;
    case "warn":
      return IconAlertTriangle;
    case "run":
    case "wait":
      return phase.icon ?? IconCircle;
    default:
      return phase.state satisfies never;
  }
}

type BarProps = { percent: number | null; label: string; tone?: Tone };

/** A progress bar; with `percent: null` it says only that something goes on. */
export function ProgressBar({ percent, label, tone = "run" }: BarProps) {
  const value = percent === null ? {} : { "aria-valuenow": Math.round(percent) };
  return (
    <div
      className={css.track}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...value}
    >
      <div
        className={percent === null ? `${css.fill} ${css.unknown}` : css.fill}
        data-tone={tone}
        style={percent === null ? undefined : { width: `${Math.min(100, Math.max(0, percent))}%` }}
      />
    </div>
  );
}
