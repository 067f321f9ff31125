"use client";

import { Button, Popover } from "@mantine/core";
import { IconCheck, IconChevronDown, IconX } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { utcDate, utcDayKey } from "#app/_ui/format-time.ts";
import { lastDayMs, parseRange, rangePresets, type TakenRange } from "../../_lib/range.ts";
import classes from "./filters.module.css";

type Props = { value: string | null; nowMs: number; onChange: (value: string | null) => void };

/** When the snapshots were taken: a span up to now, or whole UTC days. */
export function TakenChip({ value, nowMs, onChange }: Props) {
  const [opened, setOpened] = useState(false);
  const range = parseRange(value, nowMs);
  const on = range !== null;
  function choose(next: string | null) {
    onChange(next);
    setOpened(false);
  }
  return (
    <span className={classes.chip} data-on={on || undefined}>
      <Popover
        opened={opened}
        onChange={setOpened}
        position="bottom-start"
        shadow="none"
        trapFocus
        returnFocus
      >
        <Popover.Target>
          <button type="button" className={classes.chipButton} onClick={() => setOpened(!opened)}>
            Taken: <b>{range === null ? "any" : rangeWords(range, nowMs)}</b>
            {!on && <IconChevronDown size={13} aria-hidden />}
          </button>
        </Popover.Target>
        <Popover.Dropdown aria-label="When it was taken">
          {rangePresets.map((preset) => (
            <button
              key={preset.value}
              type="button"
              className={classes.preset}
              aria-pressed={value === preset.value}
              onClick={() => choose(preset.value)}
            >
              Last {preset.label}
              {value === preset.value && <IconCheck size={14} aria-hidden />}
            </button>
          ))}
          <DayFields range={range} nowMs={nowMs} onApply={choose} />
        </Popover.Dropdown>
      </Popover>
      {on && (
        <button
          type="button"
          className={classes.chipClear}
          aria-label="Clear taken"
          onClick={() => onChange(null)}
        >
          <IconX size={13} aria-hidden />
        </button>
      )}
    </span>
  );
}

type DayFieldsProps = { range: TakenRange | null; nowMs: number; onApply: (value: string) => void };

function DayFields({ range, nowMs, onApply }: DayFieldsProps) {
  const today = utcDayKey(nowMs);
  const [from, setFrom] = useState(range === null ? "" : utcDayKey(range.fromMs));
  const [to, setTo] = useState(range === null ? "" : utcDayKey(lastDayMs(range) ?? nowMs));
  const valid = from !== "" && to !== "" && from <= to;
  function apply(event: FormEvent) {
    event.preventDefault();
    if (valid) onApply(`${from}..${to}`);
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
