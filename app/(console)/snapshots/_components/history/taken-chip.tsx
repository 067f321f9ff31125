"use client";

import { Button } from "@mantine/core";
import { IconCheck, IconChevronDown, IconX } from "@tabler/icons-react";
import { type FormEvent, useId, useRef, useState } from "react";
import chip from "#app/_ui/chip.module.css";
import { utcDate, utcDayKey } from "#app/_ui/format-time.ts";
import popup from "#app/_ui/popup.module.css";
import { Popup } from "#app/_ui/popup.tsx";
import { lastDayMs, parseRange, rangePresets, type TakenRange } from "../../_lib/range.ts";
import classes from "./filters.module.css";

type Props = { value: string | null; nowMs: number; onChange: (value: string | null) => void };

/** When the snapshots were taken: a span up to now, or whole UTC days. */
export function TakenChip({ value, nowMs, onChange }: Props) {
  const id = useId();
  const anchor = useRef<HTMLButtonElement>(null);
  const range = parseRange(value, nowMs);
  const on = range !== null;
  return (
    <span className={chip.group}>
      <button
        ref={anchor}
        type="button"
        className={on ? `${chip.chip} ${chip.on}` : chip.chip}
        aria-haspopup="dialog"
        popoverTarget={id}
      >
        Taken: <b>{range === null ? "any" : rangeWords(range, nowMs)}</b>
        {!on && <IconChevronDown aria-hidden />}
      </button>
      {on && (
        <button
          type="button"
          className={chip.clear}
          aria-label="Clear taken"
          onClick={() => {
            onChange(null);
            anchor.current?.focus();
          }}
        >
          <IconX size={13} aria-hidden />
        </button>
      )}
      <Popup id={id} anchor={anchor} role="dialog" label="When it was taken" width={272}>
        {(close) => (
          <Choices
            value={value}
            range={range}
            nowMs={nowMs}
            onPick={(next) => {
              close();
              onChange(next);
            }}
          />
        )}
      </Popup>
    </span>
  );
}

type ChoicesProps = {
  value: string | null;
  range: TakenRange | null;
  nowMs: number;
  onPick: (value: string) => void;
};

function Choices({ value, range, nowMs, onPick }: ChoicesProps) {
  return (
    <>
      {rangePresets.map((preset) => (
        <button
          key={preset.value}
          type="button"
          className={popup.item}
          data-popup-item
          data-autofocus={value === preset.value || undefined}
          aria-pressed={value === preset.value}
          onClick={() => onPick(preset.value)}
        >
          Last {preset.label}
          {value === preset.value && <IconCheck size={14} className={popup.end} aria-hidden />}
        </button>
      ))}
      <DayFields range={range} nowMs={nowMs} onPick={onPick} />
    </>
  );
}

type DayFieldsProps = { range: TakenRange | null; nowMs: number; onPick: (value: string) => void };

function DayFields({ range, nowMs, onPick }: DayFieldsProps) {
  const today = utcDayKey(nowMs);
  const [from, setFrom] = useState(range === null ? "" : utcDayKey(range.fromMs));
  const [to, setTo] = useState(range === null ? "" : utcDayKey(lastDayMs(range) ?? nowMs));
  const valid = from !== "" && to !== "" && from <= to;
  function apply(event: FormEvent) {
    event.preventDefault();
    if (valid) onPick(`${from}..${to}`);
  }
  return (
    <form className={classes.days} onSubmit={apply}>
      <label>
        From
        <input
          type="date"
          value={from}
          max={today}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
      </label>
      <label>
        To
        <input type="date" value={to} max={today} onChange={(event) => setTo(event.currentTarget.value)} />
      </label>
      <Button type="submit" size="xs" disabled={!valid}>
        Show these days, UTC
      </Button>
    </form>
  );
}

function rangeWords(range: TakenRange, nowMs: number): string {
  const last = lastDayMs(range);
  const from = utcDate(range.fromMs, nowMs);
  if (last === null) return `${from} to now`;
  return last === range.fromMs ? from : `${from} to ${utcDate(last, nowMs)}`;
}
