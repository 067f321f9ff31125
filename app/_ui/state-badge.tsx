import type { ReactNode } from "react";
import css from "./state.module.css";
import { isRunning, type StateName, stateSpec } from "./states.ts";

type Props = { state: StateName; word?: ReactNode; size?: "md" | "lg"; className?: string };

/** The loud form of a state. At most one per row and only for trouble; page headers may use `lg` for good. */
export function StateBadge({ state, word, size = "md", className }: Props) {
  const spec = stateSpec(state);
  return (
    <span
      className={className === undefined ? css.badge : `${css.badge} ${className}`}
      data-tone={spec.tone}
      data-size={size}
    >
      <spec.icon aria-hidden className={isRunning(state) ? "spin" : undefined} />
      {word ?? spec.word}
    </span>
  );
}

/** A small grey label: a count beside a title, a source, a role. */
export function Tag({ children }: { children: ReactNode }) {
  return <span className={css.tag}>{children}</span>;
}
