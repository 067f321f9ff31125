"use client";

import { IconFilter, IconX } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import css from "./pattern-field.module.css";

type Props = {
  value: string;
  onChange: (value: string) => void;
  label: string;
  placeholder?: string;
  className?: string;
};

const pauseMs = 250;

/** A prefix or a pattern of names. It reports after a short pause, so that typing a word is one request. */
export function PatternField({
  value,
  onChange,
  label,
  placeholder = "Prefix or pattern, like checkout/*_key",
  className,
}: Props) {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  const field = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  // The URL changed by itself (Back, another kind), so the field follows. What it sent itself it ignores.
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    clearTimeout(timer.current);
    setText(value);
  }, [value]);

  function send(next: string) {
    clearTimeout(timer.current);
    sent.current = next;
    onChange(next);
  }

  function change(next: string) {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => send(next), pauseMs);
  }

  function clear() {
    setText("");
    send("");
    field.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (event.key === "Enter") send(text);
    if (event.key !== "Escape") return;
    event.preventDefault();
    if (text === "") event.currentTarget.blur();
    else clear();
  }

  return (
    <span className={className === undefined ? css.field : `${css.field} ${className}`}>
      <IconFilter size={14} aria-hidden />
      <input
        ref={field}
        type="search"
        aria-label={label}
        placeholder={placeholder}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        data-filter-input
      />
      {text !== "" && (
        <button type="button" className={css.clear} aria-label="Clear the filter" onClick={clear}>
          <IconX size={13} aria-hidden />
        </button>
      )}
    </span>
  );
}
