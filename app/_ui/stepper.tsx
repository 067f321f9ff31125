import { IconCheck } from "@tabler/icons-react";
import css from "./stepper.module.css";

type Props = {
  steps: readonly string[];
  /** The place of the current step, counting from 0; `steps.length` when all are done. */
  active: number;
  label?: string;
};

/** Where one is in an act of several pages. It shows the way and is not a menu. */
export function Stepper({ steps, active, label = "Steps" }: Props) {
  return (
    <ol className={css.stepper} aria-label={label}>
      {steps.map((name, place) => {
        const state = place < active ? "done" : place === active ? "on" : "wait";
        return (
          <li
            key={name}
            className={css.step}
            data-state={state}
            aria-current={state === "on" ? "step" : undefined}
          >
            <span className={css.number}>
              {state === "done" ? <IconCheck aria-label="Done:" /> : place + 1}
            </span>
            <span className={css.name}>{name}</span>
          </li>
        );
      })}
    </ol>
  );
}
