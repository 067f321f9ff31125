"use client";

import { ActionIcon } from "@mantine/core";
import { IconArrowsExchange, IconChevronDown } from "@tabler/icons-react";
import { lazy, Suspense, useId, useRef } from "react";
import { formatNumber } from "#app/_ui/format.ts";
import { Popup } from "#app/_ui/popup.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import { type StateName, states } from "#app/_ui/states.ts";
import { useNow } from "#app/_ui/time.tsx";
import { Tip } from "#app/_ui/tip.tsx";
import { type CompareParams, live } from "../_lib/params.ts";
import { type Side, sideFacts, sideName } from "../_lib/side-words.ts";
import classes from "./side-cards.module.css";
import type { ComparisonState, SideState } from "./use-comparison.ts";

const SidePicker = lazy(() => import("./side-picker.tsx").then((module) => ({ default: module.SidePicker })));

type Props = {
  params: CompareParams;
  state: ComparisonState;
  onPick: (a: string | null, b: string | null) => void;
};

export function SideCards({ params, state, onPick }: Props) {
  const { a, b } = params;
  return (
    <div className={classes.sides}>
      <SideCard
        name="A"
        chosen={a}
        own={state.a}
        other={state.b}
        running={false}
        onPick={(id) => onPick(id, b)}
      />
      <SwapButton a={a} b={b} onPick={onPick} />
      <SideCard
        name="B"
        chosen={b}
        own={state.b}
        other={state.a}
        running={state.comparison?.state === "running" && state.comparison.phase === "taking"}
        onPick={(id) => onPick(a, id)}
      />
    </div>
  );
}

function SwapButton({ a, b, onPick }: { a: string | null; b: string | null; onPick: Props["onPick"] }) {
  const why =
    b === live ? "The live cluster is always B" : a === null || b === null ? "Choose both first" : null;
  return (
    <Tip text={why ?? "Swap A and B"}>
      <ActionIcon
        variant="ghost"
        size="sm"
        className={classes.swap ?? ""}
        aria-label="Swap A and B"
        {...(why === null ? {} : { "data-disabled": true, "aria-disabled": true, "aria-description": why })}
        onClick={() => why === null && onPick(b, a)}
      >
        <IconArrowsExchange aria-hidden />
      </ActionIcon>
    </Tip>
  );
}

type CardProps = {
  name: "A" | "B";
  chosen: string | null;
  own: SideState;
  other: SideState;
  /** The live side is being taken. */
  running: boolean;
  onPick: (id: string) => void;
};

/** One side, and the list to choose another for it. */
function SideCard({ name, chosen, own, other, running, onPick }: CardProps) {
  const id = useId();
  const anchor = useRef<HTMLButtonElement>(null);
  const width = 420;
  return (
    <>
      <button ref={anchor} type="button" className={classes.card} aria-haspopup="dialog" popoverTarget={id}>
        <span className={classes.letter}>{name}</span>
        <Face name={name} chosen={chosen} own={own} other={other} running={running} />
        <IconChevronDown size={14} aria-hidden className="t3" />
      </button>
      <Popup id={id} anchor={anchor} role="dialog" label={`Choose ${name}`} width={width}>
        {(close) => (
          <Suspense fallback={<div className={classes.waiting} />}>
            <SidePicker
              name={name}
              chosen={chosen}
              other={other.side}
              live={name === "B" ? other.place : null}
              onPick={(picked) => {
                close();
                onPick(picked);
              }}
            />
          </Suspense>
        )}
      </Popup>
    </>
  );
}

function Face({ name, chosen, own, other, running }: Omit<CardProps, "onPick">) {
  const now = useNow(60_000);
  const { side } = own;
  if (side === null) {
    return (
      <span className={classes.face}>
        <span className={chosen === null ? "med" : "t3"}>
          {chosen === null ? "Choose a snapshot" : own.error === null ? "Loading…" : "Not found"}
        </span>
        <span className="fs12 t3 trunc">
          {chosen === null
            ? `${name} is ${name === "A" ? "the earlier side" : "the later side, or the live cluster"}`
            : chosen}
        </span>
      </span>
    );
  }
  return (
    <>
      <span className={classes.face}>
        <span className={classes.first}>
          <b className="med nowrap trunc">{sideName(side, now)}</b>
          {side.raftIndex !== null && (
            <span className="t2 tn nowrap trunc">index {formatNumber(side.raftIndex)}</span>
          )}
        </span>
        <span className="fs12 t3 trunc">{sideFacts(side, name === "B" ? other.side : null)}</span>
      </span>
      <SideBadge side={side} running={running} />
    </>
  );
}

function SideBadge({ side, running }: { side: Side; running: boolean }) {
  if (running) return <StateText state="taking" />;
  if (side.snapshotId === null)
    return side.takenAt === null ? null : <StateText state="stored" word="Live" />;
  return <StateText state={isState(side.state) ? side.state : "unknown"} />;
}

function isState(name: string): name is StateName {
  return name in states;
}
