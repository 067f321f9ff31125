"use client";

import { IconBroadcast, IconCheck } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useCan } from "#app/_client/use-viewer.ts";
import { formatNumber } from "#app/_ui/format.ts";
import popup from "#app/_ui/popup.module.css";
import { StateIcon } from "#app/_ui/state-text.tsx";
import { stateSpec } from "#app/_ui/states.ts";
import { useNow } from "#app/_ui/time.tsx";
import type { SnapshotRow } from "#core/snapshots/contract.ts";
import { isKept, isRestorable } from "../../snapshots/_lib/row-facts.ts";
import { snapshotListQuery } from "../../snapshots/queries.ts";
import { live as liveChoice } from "../_lib/params.ts";
import { type Side, sideFacts, sideName, toSide } from "../_lib/side-words.ts";
import classes from "./side-picker.module.css";

type Props = {
  name: "A" | "B";
  chosen: string | null;
  /** The other side: its datacenter is what is offered first. */
  other: Side | null;
  /** The cluster that can be read now; null where that isn't offered. */
  live: { clusterId: string; datacenter: string } | null;
  onPick: (id: string) => void;
};

const pauseMs = 250;

/** The history, newest first, with a search; and the live cluster. */
export function SidePicker({ name, chosen, other, live, onPick }: Props) {
  const [text, setText] = useState("");
  const [all, setAll] = useState(false);
  const q = useSettled(text.trim(), pauseMs);
  const datacenter = all ? undefined : (other?.datacenter ?? undefined);
  const list = useQuery({
    ...snapshotListQuery({
      ...(q === "" ? {} : { q }),
      ...(datacenter === undefined ? {} : { datacenter }),
      limit: 50,
    }),
    placeholderData: keepPreviousData,
  });
  const rows = (list.data?.rows ?? []).filter(isKept);
  const label = `Find a snapshot for ${name}`;
  return (
    <>
      <input
        className={popup.search}
        value={text}
        placeholder="Note, index, id…"
        aria-label={label}
        data-autofocus
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className={popup.list} role="menu" aria-label={`Snapshots for ${name}`}>
        {live !== null && q === "" && (
          <LiveChoice place={live} checked={chosen === liveChoice} onPick={() => onPick(liveChoice)} />
        )}
        {list.data !== undefined && rows.length === 0 && <p className={popup.note}>No snapshot matches</p>}
        {rows.map((row) => (
          <Choice
            key={row.id}
            row={row}
            checked={row.id === chosen}
            taken={row.id === other?.snapshotId}
            onPick={onPick}
          />
        ))}
        {datacenter !== undefined && (
          <button
            type="button"
            role="menuitem"
            className={popup.item}
            data-popup-item
            onClick={() => setAll(true)}
          >
            <span className="t2">Show other datacenters</span>
          </button>
        )}
      </div>
    </>
  );
}

type ChoiceProps = { row: SnapshotRow; checked: boolean; taken: boolean; onPick: (id: string) => void };

function Choice({ row, checked, taken, onPick }: ChoiceProps) {
  const now = useNow(60_000);
  const side = toSide(row);
  const why = taken ? "the other side" : isRestorable(row) ? null : stateSpec(row.state).word.toLowerCase();
  return (
    <button
      type="button"
      role="menuitemradio"
      aria-checked={checked}
      aria-disabled={why !== null}
      className={`${popup.item} ${classes.choice}`}
      data-popup-item
      onClick={() => why === null && onPick(row.id)}
    >
      <StateIcon state={row.state} label={stateSpec(row.state).word} />
      <span className={classes.words}>
        <span className={classes.first}>
          <span className="med trunc">{sideName(side, now)}</span>
          <span className="t3 fs12 tn nowrap">
            {why ?? (row.raftIndex === null ? "" : `index ${formatNumber(row.raftIndex)}`)}
          </span>
        </span>
        <span className="fs12 t3 trunc">{sideFacts(side, null)}</span>
      </span>
      {checked && <IconCheck size={14} aria-hidden />}
    </button>
  );
}

type LiveProps = {
  place: { clusterId: string; datacenter: string };
  checked: boolean;
  onPick: () => void;
};

function LiveChoice(props: LiveProps) {
  const take = useCan("snapshot.take", props.place);
  return (
    <button
      type="button"
      role="menuitemradio"
      aria-checked={props.checked}
      aria-disabled={!take.allowed}
      className={`${popup.item} ${classes.choice}`}
      data-popup-item
      onClick={() => take.allowed && props.onPick()}
    >
      <IconBroadcast aria-hidden />
      <span className={classes.words}>
        <span className="med">Live cluster {props.place.datacenter}, now</span>
        <span className="fs12 t3">
          {take.allowed ? "Taken for this comparison and not kept" : take.reason}
        </span>
      </span>
      {props.checked && <IconCheck size={14} aria-hidden />}
    </button>
  );
}

/** The value once it has stopped changing. */
function useSettled(value: string, ms: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
