"use client";

import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { type FormEvent, useId, useRef, useState } from "react";
import chip from "#app/_ui/chip.module.css";
import { ToggleChip } from "#app/_ui/chip.tsx";
import { Popup } from "#app/_ui/popup.tsx";
import form from "#app/_ui/popup-form.module.css";
import type { AuditFilters } from "../_lib/filters.ts";
import css from "./filters.module.css";

const fields = [
  { name: "target", chip: "Target id", label: "Target id", placeholder: "s-7f3k2m9q" },
  {
    name: "snapshot",
    chip: "Also touched",
    label: "Snapshot touched beside the target",
    placeholder: "s-7f3k2m9q",
  },
  {
    name: "correlation",
    chip: "Correlation",
    label: "Correlation id",
    placeholder: "one act, all its entries",
  },
] as const;

type IdFilters = Pick<AuditFilters, (typeof fields)[number]["name"]>;
type Props = { filters: IdFilters; onChange: (next: Partial<IdFilters>) => void };

/** Filters that one rarely types: exact ids. Those in use stand as chips, the others wait behind the button. */
export function MoreFilters({ filters, onChange }: Props) {
  const id = useId();
  const anchor = useRef<HTMLButtonElement>(null);
  return (
    <>
      {fields.map(({ name, chip: label }) => {
        const value = filters[name];
        if (value === null) return null;
        return (
          <ToggleChip
            key={name}
            on
            label={
              <>
                {label}: <b className={`mono ${css.id}`}>{value}</b>
              </>
            }
            onChange={() => onChange({ [name]: null })}
          />
        );
      })}
      <button
        ref={anchor}
        type="button"
        className={`${chip.chip} ${css.dash}`}
        aria-haspopup="dialog"
        popoverTarget={id}
      >
        <IconPlus aria-hidden />
        Filter
      </button>
      <Popup id={id} anchor={anchor} role="dialog" label="More filters" width={300}>
        {(close) => (
          <IdFields
            filters={filters}
            onApply={(next) => {
              close();
              onChange(next);
            }}
          />
        )}
      </Popup>
    </>
  );
}

/** Mounted anew with every opening, so that it begins with what is in force. */
function IdFields({ filters, onApply }: { filters: IdFilters; onApply: (next: IdFilters) => void }) {
  const [draft, setDraft] = useState<IdFilters>(filters);
  function apply(event: FormEvent) {
    event.preventDefault();
    onApply(draft);
  }
  return (
    <form className={`${form.form} ${form.alone}`} onSubmit={apply}>
      {fields.map(({ name, label, placeholder }, place) => (
        <label key={name}>
          {label}
          <input
            className="mono"
            value={draft[name] ?? ""}
            placeholder={placeholder}
            autoComplete="off"
            spellCheck={false}
            data-autofocus={place === 0 || undefined}
            onChange={(event) => {
              const text = event.currentTarget.value.trim();
              setDraft((now) => ({ ...now, [name]: text === "" ? null : text }));
            }}
          />
        </label>
      ))}
      <Button type="submit" size="xs">
        Show these entries
      </Button>
    </form>
  );
}
