"use client";

import { IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import classes from "#app/_ui/filter-bar.module.css";

type Props = { value: string; onChange: (q: string) => void };

const pauseMs = 250;

/** The text filter. It reports after a short pause, so that typing a word is one request and not five. */
export function SearchField({ value, onChange }: Props) {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  // The URL changed by itself (Back, or all filters cleared), so the field follows. What it sent itself it ignores.
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setText(value);
  }, [value]);

  function change(q: string) {
    setText(q);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      sent.current = q;
      onChange(q);
    }, pauseMs);
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    if (text === "") event.currentTarget.blur();
    else change("");
  }

  return (
    <span className={classes.search}>
      <IconSearch size={14} aria-hidden />
      <input
        type="search"
        aria-label="Search snapshots"
        placeholder="Note, index, id…"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        data-filter-input
      />
    </span>
  );
}
