import { Fragment, type ReactNode } from "react";
import css from "./facts.module.css";

export type Fact = { label: ReactNode; value: ReactNode; key?: string };

type Props = { facts: readonly Fact[]; align?: "left" | "right"; columns?: 1 | 2; className?: string };

/** Names and values, values at the right. `columns={2}` puts two facts on a line from 768 px on. */
export function Facts({ facts, align = "right", columns = 1, className }: Props) {
  return (
    <dl
      className={[css.facts, className].filter(Boolean).join(" ")}
      data-align={align}
      data-columns={columns}
    >
      {facts.map((fact, place) => (
        <Fragment key={fact.key ?? (typeof fact.label === "string" ? fact.label : place)}>
          <dt>{fact.label}</dt>
          <dd>{fact.value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
