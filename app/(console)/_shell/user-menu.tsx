"use client";
import { type MantineColorScheme, useMantineColorScheme } from "@mantine/core";
import {
  type Icon,
  IconCheck,
  IconKeyboard,
  IconLogout,
  IconSettings,
  IconUserCircle,
} from "@tabler/icons-react";
import Link from "next/link";
import { type ReactNode, useId, useRef, useTransition } from "react";
import { useViewer } from "#app/_client/use-viewer.ts";
import popup from "#app/_ui/popup.module.css";
import { Popup } from "#app/_ui/popup.tsx";
import { leave } from "./leave.ts";
import { schemes } from "./schemes.ts";
import { openShortcuts } from "./shortcut-store.ts";
import css from "./user-menu.module.css";

/** The person at the foot of the side bar: name, role, and behind it their account, theme and sign-out. */
export function UserMenu() {
  const viewer = useViewer();
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  return (
    <div className={css.frame}>
      <button
        ref={button}
        type="button"
        className={css.me}
        aria-haspopup="menu"
        aria-label={`${viewer.name}, ${viewer.role}: account, theme and sign out`}
        popoverTarget={id}
      >
        <span className={css.avatar} aria-hidden>
          {initials(viewer.name)}
        </span>
        <span className={css.words}>
          <span className="med trunc">{viewer.name}</span>
          <span className="t3 fs12">{viewer.role}</span>
        </span>
        <IconSettings className="t3" aria-hidden />
      </button>
      <Popup id={id} anchor={button} place="top-start" role="menu" label={viewer.name} width={220}>
        {(close) => <Items close={close} />}
      </Popup>
    </div>
  );
}

function Items({ close }: { close: () => void }) {
  const [leaving, startLeaving] = useTransition();
  const shortcuts = () => {
    close();
    openShortcuts();
  };
  return (
    <>
      <Link href="/account" role="menuitem" className={popup.item} data-popup-item onClick={close}>
        <IconUserCircle aria-hidden />
        Your account
      </Link>
      <hr className={popup.rule} />
      <ThemeItems />
      <hr className={popup.rule} />
      <Item icon={IconKeyboard} onSelect={shortcuts} end={<kbd className={popup.end}>?</kbd>}>
        Keyboard shortcuts
      </Item>
      <Item icon={IconLogout} off={leaving} onSelect={() => startLeaving(leave)}>
        Sign out
      </Item>
    </>
  );
}

/** The menu stays open: one sees at once what a theme looks like. */
function ThemeItems() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset may not stand in a menu
    <div role="group" aria-label="Theme">
      <p className={popup.note} aria-hidden>
        Theme
      </p>
      {schemes.map(({ value, label }) => (
        <button
          key={value}
          type="button"
          role="menuitemradio"
          aria-checked={value === colorScheme}
          className={popup.item}
          data-popup-item
          onClick={() => setColorScheme(value satisfies MantineColorScheme)}
        >
          {label}
          {value === colorScheme && <IconCheck size={14} className={popup.end} aria-hidden />}
        </button>
      ))}
    </div>
  );
}

type ItemProps = { icon: Icon; onSelect: () => void; off?: boolean; end?: ReactNode; children: ReactNode };

function Item({ icon: Picture, onSelect, off = false, end, children }: ItemProps) {
  return (
    <button
      type="button"
      role="menuitem"
      className={popup.item}
      data-popup-item
      aria-disabled={off}
      onClick={() => !off && onSelect()}
    >
      <Picture aria-hidden />
      {children}
      {end}
    </button>
  );
}

/** `ops-primary` is OP, `admin` is AD. */
function initials(name: string): string {
  const [first = "", second = ""] = name.split(/[._-]/).filter((part) => part !== "");
  const letters = second === "" ? first.slice(0, 2) : `${first[0] ?? ""}${second[0] ?? ""}`;
  return letters.toUpperCase();
}
