"use client";
import { ActionIcon } from "@mantine/core";
import { type Icon, IconDots } from "@tabler/icons-react";
import Link from "next/link";
import { type ReactNode, useId, useRef } from "react";
import css from "./popup.module.css";
import { Popup, type PopupPlace } from "./popup.tsx";

export type MenuAction = {
  label: string;
  icon?: Icon;
  /** What it does, or where it leads. */
  onSelect?: () => void;
  href?: string;
  /** Red, for what can't be undone; its label ends in "…". */
  danger?: boolean;
  /** Why it is off; null or left out when it isn't. */
  disabledReason?: string | null;
  /** A line above it. */
  rule?: boolean;
};

type Props = {
  /** What the button is called: "Actions for dc1 02:32:04". */
  label: string;
  actions: readonly MenuAction[];
  icon?: ReactNode;
  size?: "xs" | "sm";
  variant?: "ghost" | "default";
  place?: PopupPlace;
};

/** The three dots of a row or a page head. Arrow keys, Home, End, Esc; what is off stays in it with the reason. */
export function ActionMenu({
  label,
  actions,
  icon,
  size = "xs",
  variant = "ghost",
  place = "bottom-end",
}: Props) {
  const id = useId();
  const anchor = useRef<HTMLButtonElement>(null);
  const reasons = [...new Set(actions.flatMap((action) => action.disabledReason ?? []))];
  return (
    <>
      <ActionIcon
        ref={anchor}
        size={size}
        variant={variant}
        aria-label={label}
        aria-haspopup="menu"
        popoverTarget={id}
        onClick={(event) => event.stopPropagation()}
      >
        {icon ?? <IconDots aria-hidden />}
      </ActionIcon>
      <Popup id={id} anchor={anchor} place={place} role="menu" label={label} width={220}>
        {(close) => (
          <>
            {actions.map((action) => (
              <ActionItem key={action.label} action={action} close={close} />
            ))}
            {reasons.map((reason) => (
              <p key={reason} className={css.note}>
                {reason}
              </p>
            ))}
          </>
        )}
      </Popup>
    </>
  );
}

function ActionItem({ action, close }: { action: MenuAction; close: () => void }) {
  return (
    <>
      {action.rule === true && <hr className={css.rule} />}
      {action.href !== undefined && (action.disabledReason ?? null) === null ? (
        <Link href={action.href} role="menuitem" className={css.item} data-popup-item onClick={close}>
          <ItemText action={action} />
        </Link>
      ) : (
        <ItemButton action={action} close={close} />
      )}
    </>
  );
}

function ItemButton({ action, close }: { action: MenuAction; close: () => void }) {
  const off = (action.disabledReason ?? null) !== null;
  return (
    <button
      type="button"
      role="menuitem"
      className={css.item}
      data-popup-item
      data-danger={action.danger || undefined}
      aria-disabled={off}
      onClick={(event) => {
        // A menu in a row must not open the row.
        event.stopPropagation();
        if (off) return;
        close();
        action.onSelect?.();
      }}
    >
      <ItemText action={action} />
    </button>
  );
}

function ItemText({ action }: { action: MenuAction }) {
  return (
    <>
      {action.icon !== undefined && <action.icon aria-hidden />}
      {action.label}
    </>
  );
}
