"use client";
import { Button } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { utcDayKey } from "./format-time.ts";
import popup from "./popup.module.css";
import { PopupChip } from "./popup-chip.tsx";
import form from "./popup-form.module.css";
import { lastDayMs, type TimeRange } from "./time-range.ts";

type Props = {
  label: string;
  /** The popup's name: "When it happened". */
  title: string;
  /** As it stands in the URL: a preset's value, or two UTC days; null: any. */
  value: string | null;
  /** What the value means; null also for text that can't be read. */
  range: TimeRange | null;
  words: (range: TimeRange) => string;
  presets: readonly { value: string; label: string }[];
  nowMs: number;
  onChange: (value: string | null) => void;
};

/** A filter by time: a span up to now, or whole UTC days. */
export function RangeChip({ label, title, value, range, words, presets, nowMs, onChange }: Props) {
  return (
    <PopupChip
      label={label}
      on={range !== null}
      words={range === null ? "any" : words(range)}
      popup={{ role: "dialog", label: title, width: 272 }}
      onClear={() => onChange(null)}
    >
      {(close) => {
        const pick = (next: string) => {
          close();
          onChange(next);
        };
        return (
          <>
            {presets.map((preset) => (
              <button
                key={preset.value}
                type="button"
                className={popup.item}
                data-popup-item
                data-autofocus={value === preset.value || undefined}
                aria-pressed={value === preset.value}
                onClick={() => pick(preset.value)}
              >
                {preset.label}
                {value === preset.value && <IconCheck size={14} className={popup.end} aria-hidden />}
              </button>
            ))}
            <DayFields range={range} nowMs={nowMs} onPick={pick} />
          </>
        );
      }}
    </PopupChip>
  );
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
    <form className={`${form.form} ${form.two}`} onSubmit={apply}>
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
