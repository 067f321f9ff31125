"use client";
import { IconChevronDown, IconX } from "@tabler/icons-react";
import { type ReactNode, useId, useRef } from "react";
import css from "./chip.module.css";
import { Popup } from "./popup.tsx";

type Props = {
  label: string;
  /** Whether it filters now; it then stands in blue with an × behind it. */
  on: boolean;
  /** What it is set to. */
  words: ReactNode;
  popup: { role: "dialog" | "menu"; label: string; width?: number };
  onClear: () => void;
  /** Rendered only while it is open. */
  children: (close: () => void) => ReactNode;
};

/** `State: any ⌄`: the button of a filter, and the popup in which it is set. */
export function PopupChip({ label, on, words, popup, onClear, children }: Props) {
  const id = useId();
  const anchor = useRef<HTMLButtonElement>(null);
  return (
    <span className={css.group}>
      <button
        ref={anchor}
        type="button"
        className={on ? `${css.chip} ${css.on}` : css.chip}
        aria-haspopup={popup.role}
        popoverTarget={id}
      >
        {label}: <b>{words}</b>
        {!on && <IconChevronDown aria-hidden />}
      </button>
      {on && (
        <button
          type="button"
          className={css.clear}
          aria-label={`Clear ${label.toLowerCase()}`}
          onClick={() => {
            onClear();
            anchor.current?.focus();
          }}
        >
          <IconX size={13} aria-hidden />
        </button>
      )}
      <Popup id={id} anchor={anchor} {...popup}>
        {children}
      </Popup>
    </span>
  );
}
