"use client";
import { IconCheck, IconX } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import css from "./chip.module.css";
import popup from "./popup.module.css";
import { PopupChip } from "./popup-chip.tsx";

export type ChipOption = { value: string; label: string; icon?: ReactNode; hint?: ReactNode };

type Props = {
  label: string;
  /** null: any. */
  value: string | null;
  options: readonly ChipOption[];
  onChange: (value: string | null) => void;
  /** What stands there when nothing is chosen. */
  anyText?: string;
};

const searchFrom = 9;

/** A filter: `State: any ⌄`, or in blue with an × when it is on. Opens a list; with a search from nine options on. */
export function FilterChip({ label, value, options, onChange, anyText = "any" }: Props) {
  const chosen = options.find((option) => option.value === value);
  const withSearch = options.length >= searchFrom;
  return (
    <PopupChip
      label={label}
      on={value !== null}
      words={chosen?.label ?? value ?? anyText}
      popup={withSearch ? { role: "dialog", label, width: 240 } : { role: "menu", label }}
      onClear={() => onChange(null)}
    >
      {(close) => (
        <Options
          label={label}
          options={options}
          value={value}
          withSearch={withSearch}
          onPick={(picked) => {
            close();
            onChange(picked === value ? null : picked);
          }}
        />
      )}
    </PopupChip>
  );
}

type OptionsProps = {
  label: string;
  options: readonly ChipOption[];
  value: string | null;
  withSearch: boolean;
  onPick: (value: string) => void;
};

/** Mounted anew with every opening, so that the search begins empty. */
function Options({ label, options, value, withSearch, onPick }: OptionsProps) {
  const [query, setQuery] = useState("");
  const wanted = query.trim().toLowerCase();
  const shown = options.filter((option) => option.label.toLowerCase().includes(wanted));
  const find = `Find ${label.toLowerCase()}`;
  return (
    <>
      {withSearch && (
        <input
          className={popup.search}
          value={query}
          placeholder={find}
          aria-label={find}
          data-autofocus
          autoComplete="off"
          onChange={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => {
            const [first] = shown;
            if (event.key === "Enter" && first !== undefined && wanted !== "") onPick(first.value);
          }}
        />
      )}
      <div
        className={popup.list}
        {...(withSearch ? { role: "menu", "aria-label": label } : { role: "none" })}
      >
        {shown.length === 0 && <p className={popup.note}>Nothing matches</p>}
        {shown.map((option) => (
          <button
            key={option.value}
            type="button"
            role="menuitemradio"
            aria-checked={option.value === value}
            className={popup.item}
            data-popup-item
            data-autofocus={(!withSearch && option.value === value) || undefined}
            onClick={() => onPick(option.value)}
          >
            {option.icon}
            <span className="trunc">{option.label}</span>
            {option.hint !== undefined && <span className={popup.hint}>{option.hint}</span>}
            {option.value === value && <IconCheck size={14} className={popup.end} aria-hidden />}
          </button>
        ))}
      </div>
    </>
  );
}

/** A filter that is on or off and has no list: `Pinned`. */
export function ToggleChip({
  label,
  on,
  onChange,
}: {
  label: ReactNode;
  on: boolean;
  onChange: (on: boolean) => void;
}) {
  return (
    <button
      type="button"
      aria-pressed={on}
      className={on ? `${css.chip} ${css.on}` : css.chip}
      onClick={() => onChange(!on)}
    >
      {label}
      {on && <IconX aria-hidden />}
    </button>
  );
}
