"use client";
import { IconSearch } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { type RefObject, useCallback, useRef, useState } from "react";
import css from "./shell.module.css";

export type Find = {
  input: RefObject<HTMLInputElement | null>;
  /** On a phone the field is hidden until it is asked for. */
  opened: boolean;
  close: () => void;
  focus: () => void;
};

export function useFind(): Find {
  const input = useRef<HTMLInputElement>(null);
  const [opened, setOpened] = useState(false);
  const focus = useCallback(() => {
    setOpened(true);
    // After the field has become visible; a hidden field can't take the focus.
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.select();
    });
  }, []);
  const close = useCallback(() => setOpened(false), []);
  return { input, opened, close, focus };
}

/** Finds snapshots by note, key prefix, index or id: Enter opens the history with the words as its filter. */
export function FindField({ find }: { find: Find }) {
  const router = useRouter();
  const submit = (data: FormData) => {
    const words = String(data.get("q") ?? "").trim();
    router.push(words === "" ? "/snapshots" : `/snapshots?q=${encodeURIComponent(words)}`);
    find.input.current?.blur();
  };
  return (
    <search className={css.find} data-open={find.opened || undefined}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit(new FormData(event.currentTarget));
          // The words go on in the filter of the history; here they would soon be about another page.
          event.currentTarget.reset();
        }}
      >
        <input
          ref={find.input}
          name="q"
          type="search"
          placeholder="Find snapshot"
          aria-label="Find snapshot"
          aria-keyshortcuts="Control+K"
          autoComplete="off"
          onBlur={find.close}
          onKeyDown={(event) => {
            if (event.key === "Escape") event.currentTarget.blur();
          }}
        />
      </form>
      <IconSearch aria-hidden />
      <kbd aria-hidden>Ctrl K</kbd>
    </search>
  );
}
