"use client";

import { utcDate } from "#app/_ui/format-time.ts";
import { RangeChip } from "#app/_ui/range-chip.tsx";
import { lastDayMs, type TimeRange } from "#app/_ui/time-range.ts";
import { parseRange, rangePresets } from "../../_lib/range.ts";

type Props = { value: string | null; nowMs: number; onChange: (value: string | null) => void };

const presets = rangePresets.map(({ value, label }) => ({ value, label: `Last ${label}` }));

/** When the snapshots were taken: a span up to now, or whole UTC days. */
export function TakenChip({ value, nowMs, onChange }: Props) {
  return (
    <RangeChip
      label="Taken"
      title="When it was taken"
      value={value}
      range={parseRange(value, nowMs)}
      words={(range) => rangeWords(range, nowMs)}
      presets={presets}
      nowMs={nowMs}
      onChange={onChange}
    />
  );
}

function rangeWords(range: TimeRange, nowMs: number): string {
  const last = lastDayMs(range);
  const from = utcDate(range.fromMs, nowMs);
  if (last === null) return `${from} to now`;
  return last === range.fromMs ? from : `${from} to ${utcDate(last, nowMs)}`;
}
