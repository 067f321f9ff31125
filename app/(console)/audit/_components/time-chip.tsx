"use client";

import { utcDate } from "#app/_ui/format-time.ts";
import { RangeChip } from "#app/_ui/range-chip.tsx";
import { lastDayMs, type TimeRange } from "#app/_ui/time-range.ts";
import { parseTime, timePresets } from "../_lib/time-range.ts";

type Props = { value: string | null; nowMs: number; onChange: (value: string | null) => void };

const presets = timePresets.map(({ value, label }) => ({
  value,
  label: label.charAt(0).toUpperCase() + label.slice(1),
}));

/** When it happened: a span up to now, or whole UTC days. */
export function TimeChip({ value, nowMs, onChange }: Props) {
  return (
    <RangeChip
      label="Time"
      title="When it happened"
      value={value}
      range={parseTime(value, nowMs)}
      words={(range) => timeWords(value, range, nowMs)}
      presets={presets}
      nowMs={nowMs}
      onChange={onChange}
    />
  );
}

function timeWords(value: string | null, range: TimeRange, nowMs: number): string {
  const preset = timePresets.find((candidate) => candidate.value === value);
  if (preset !== undefined) return preset.label;
  const last = lastDayMs(range);
  const from = utcDate(range.fromMs, nowMs);
  return last === null || last === range.fromMs ? from : `${from} to ${utcDate(last, nowMs)}`;
}
