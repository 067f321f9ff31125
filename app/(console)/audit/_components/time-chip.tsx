"use client";

import { Button } from "@mantine/core";
import { IconCheck, IconChevronDown, IconX } from "@tabler/icons-react";
import { type FormEvent, useId, useRef, useState } from "react";
import chip from "#app/_ui/chip.module.css";
import { utcDate, utcDayKey } from "#app/_ui/format-time.ts";
import popup from "#app/_ui/popup.module.css";
import { Popup } from "#app/_ui/popup.tsx";
import { lastDayMs, parseTime, type TimeRange, timePresets } from "../_lib/time-range.ts";
import css from "./filters.module.css";

type Props = { value: string | null; nowMs: number; onChange: (value: string | null) => void };

/** When it happened: a span up to now, or whole UTC days. */
export function TimeChip({ value, nowMs, onChange }: Props) {
  const id = useId();
  const anchor = useRef<HTMLButtonElement>(null);
  const range = parseTime(value, nowMs);
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
        Time: <b>{range === null ? "any" : timeWords(value, range, nowMs)}</b>
        {!on && <IconChevronDown aria-hidden />}
      </button>
      {on && (
        <button
          type="button"
          className={chip.clear}
          aria-label="Clear time"
          onClick={() => {
            onChange(null);
            anchor.current?.focus();
          }}
        >
          <IconX size={13} aria-hidden />
        </button>
      )}
      <Popup id={id} anchor={anchor} role="dialog" label="When it happened" width={272}>
        {(close) => {
          const pick = (next: string) => {
            close();
            onChange(next);
          };
          return (
            <>
              <Presets value={value} onPick={pick} />
              <DayFields range={range} nowMs={nowMs} onPick={pick} />
            </>
          );
        }}
      </Popup>
    </span>
  );
}

function Presets({ value, onPick }: { value: string | null; onPick: (value: string) => void }) {
  return timePresets.map((preset) => (
    <button
      key={preset.value}
      type="button"
      className={popup.item}
      data-popup-item
      data-autofocus={value === preset.value || undefined}
      aria-pressed={value === preset.value}
      onClick={() => onPick(preset.value)}
    >
      {preset.label.charAt(0).toUpperCase() + preset.label.slice(1)}
      {value === preset.value && <IconCheck size={14} className={popup.end} aria-hidden />}
    </button>
  ));
}

type DayFieldsProps = { range: TimeRange | null; nowMs: number; onPick: (value: string) => void };

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
    <form className={`${css.form} ${css.two}`} onSubmit={apply}>
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

function timeWords(value: string | null, range: TimeRange, nowMs: number): string {
  const preset = timePresets.find((candidate) => candidate.value === value);
  if (preset !== undefined) return preset.label;
  const last = lastDayMs(range);
  const from = utcDate(range.fromMs, nowMs);
  return last === null || last === range.fromMs ? from : `${from} to ${utcDate(last, nowMs)}`;
}
