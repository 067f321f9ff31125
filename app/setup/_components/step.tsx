"use client";
import { IconCheck } from "@tabler/icons-react";
import { type ReactNode, Suspense } from "react";
import css from "./first-run.module.css";

export type StepState = "done" | "on" | "wait";

type Props = { number: number; state: StepState; title: string; sub: ReactNode; children?: ReactNode };

/** One of the four steps; only the current one shows its fields. */
export function Step({ number, state, title, sub, children }: Props) {
  return (
    <li className={css.step} data-state={state} aria-current={state === "on" ? "step" : undefined}>
      <span className={css.number}>{state === "done" ? <IconCheck aria-label="Done" /> : number}</span>
      <div className="grow">
        <h2 className={css.title}>{title}</h2>
        <div className="t3 fs12">{sub}</div>
        {state === "on" && <Suspense>{children}</Suspense>}
      </div>
    </li>
  );
}

export function StepBody({ children }: { children: ReactNode }) {
  return <div className={css.body}>{children}</div>;
}

/** The foot of a step: the way back at the left, the way on at the right. */
export function StepActions({ left, children }: { left?: ReactNode; children: ReactNode }) {
  return (
    <div className={css.actions}>
      {left}
      <span className="grow" />
      {children}
    </div>
  );
}
