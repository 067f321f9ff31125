"use client";

import { IconSearch } from "@tabler/icons-react";
import css from "#app/_ui/filter-bar.module.css";

type Props = { value: string; onChange: (q: string) => void };

export function SearchField({ value, onChange }: Props) {
  return (
    <span className={css.search}>
      <IconSearch size={14} aria-hidden />
      <input
        type="search"
        aria-label="Find entries by target, request or IP"
        placeholder="Target, request or IP"
        autoComplete="off"
        spellCheck={false}
        data-filter-input
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          if (value === "") event.currentTarget.blur();
          else onChange("");
        }}
      />
    </span>
  );
}
