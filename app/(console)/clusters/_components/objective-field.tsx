"use client";
import { Input, NumberInput, SegmentedControl } from "@mantine/core";
import { useId } from "react";
import { formatObjective } from "#app/_ui/format.ts";

const presets = [60, 6 * 60, 24 * 60, 7 * 24 * 60] as const;
const minutesMin = 5;
const minutesMax = 60 * 24 * 366;

type Props = { value: number; onChange: (minutes: number) => void; error?: string | undefined };

/** How old the newest good snapshot may be: four usual answers, or any number of minutes. */
export function ObjectiveField({ value, onChange, error }: Props) {
  const id = useId();
  const preset = presets.find((minutes) => minutes === value);
  return (
    <Input.Wrapper
      label="Objective"
      labelElement="div"
      labelProps={{ id }}
      error={error}
      description={`Overdue when the newest good snapshot is older than ${formatObjective(value)}.`}
    >
      <fieldset className="row" style={{ flexWrap: "wrap" }} aria-labelledby={id}>
        <SegmentedControl
          aria-label="Objective"
          value={preset === undefined ? "" : String(preset)}
          onChange={(minutes) => onChange(Number(minutes))}
          data={presets.map((minutes) => ({ value: String(minutes), label: formatObjective(minutes) }))}
        />
        <NumberInput
          aria-label="Objective in minutes"
          w={132}
          value={value}
          min={minutesMin}
          max={minutesMax}
          clampBehavior="blur"
          allowDecimal={false}
          thousandSeparator=","
          suffix=" min"
          hideControls
          onChange={(minutes) => {
            if (typeof minutes === "number") onChange(minutes);
          }}
        />
      </fieldset>
    </Input.Wrapper>
  );
}
