"use client";
import { IconKeyboard, IconLogout } from "@tabler/icons-react";
import { useTransition } from "react";
import popup from "#app/_ui/popup.module.css";
import { leave } from "./leave.ts";
import { openShortcuts } from "./shortcut-store.ts";
import { ThemeChoice } from "./theme-choice.tsx";
import css from "./user-menu.module.css";

export function UserPanel({ close }: { close: () => void }) {
  const [leaving, startLeaving] = useTransition();
  return (
    <>
      <div className={css.theme}>
        <span className="t3 fs12">Theme</span>
        <ThemeChoice />
      </div>
      <button
        type="button"
        className={popup.item}
        data-popup-item
        onClick={() => {
          close();
          openShortcuts();
        }}
      >
        <IconKeyboard aria-hidden />
        Keyboard shortcuts
        <kbd className={popup.end}>?</kbd>
      </button>
      <button
        type="button"
        className={popup.item}
        data-popup-item
        aria-disabled={leaving}
        onClick={() => startLeaving(leave)}
      >
        <IconLogout aria-hidden />
        Sign out
      </button>
    </>
  );
}
