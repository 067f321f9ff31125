"use client";
import { ActionIcon } from "@mantine/core";
import { type Icon, IconDots } from "@tabler/icons-react";
import { type ReactNode, useId, useRef } from "react";
import css from "./popup.module.css";
import { Popup, type PopupPlace } from "./popup.tsx";

export type MenuAction = {
  label: string;
  icon?: Icon;
  onSelect: () => void;
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
  const reason = action.disabledReason ?? null;
  return (
    <>
      {action.rule === true && <hr className={css.rule} />}
      <button
        type="button"
        role="menuitem"
        className={css.item}
        data-popup-item
        data-danger={action.danger || undefined}
        aria-disabled={reason !== null}
        onClick={(event) => {
          // A menu in a row must not open the row.
          event.stopPropagation();
          if (reason !== null) return;
          close();
          action.onSelect();
        }}
      >
        {action.icon !== undefined && <action.icon aria-hidden />}
        {action.label}
      </button>
    </>
  );
}
