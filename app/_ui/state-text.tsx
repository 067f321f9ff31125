import type { ReactNode } from "react";
import css from "./state.module.css";
import { isRunning, type StateName, stateSpec } from "./states.ts";

type Props = {
  state: StateName;
  /** Another word with the same meaning, such as the time of the verification. */
  word?: ReactNode;
  /** A few words in grey behind the state. */
  detail?: ReactNode;
  small?: boolean;
  className?: string;
};

/** The quiet form of a state, for tables: icon, word and colour. */
export function StateText({ state, word, detail, small = false, className }: Props) {
  const spec = stateSpec(state);
  return (
    <span
      className={className === undefined ? css.text : `${css.text} ${className}`}
      data-tone={spec.tone}
      data-small={small || undefined}
    >
      <spec.icon aria-hidden className={isRunning(state) ? "spin" : undefined} />
      {word ?? spec.word}
      {detail !== undefined && detail !== null && <span className={css.detail}>{detail}</span>}
    </span>
  );
}

/** The icon of a state alone. Give it a `label` unless the word stands beside it. */
export function StateIcon({ state, size = 16, label }: { state: StateName; size?: number; label?: string }) {
  const spec = stateSpec(state);
  const tone = spec.tone === "run" ? "c-run" : `c-${spec.tone}`;
  const named = label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label };
  return <spec.icon {...named} size={size} className={isRunning(state) ? `${tone} spin` : tone} />;
}
