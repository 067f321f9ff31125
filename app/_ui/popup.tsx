"use client";
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  type ToggleEvent,
  useCallback,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
} from "react";
import { flushSync } from "react-dom";
import css from "./popup.module.css";

export type PopupPlace = "bottom-start" | "bottom-end" | "top-start";

type Props = {
  id: string;
  /** The button that carries `popoverTarget={id}`; the popup stands beside it and gives the focus back to it. */
  anchor: RefObject<HTMLElement | null>;
  place?: PopupPlace;
  role: "menu" | "dialog";
  label: string;
  width?: number;
  onOpenChange?: (opened: boolean) => void;
  /** Rendered only while it is open. */
  children: (close: () => void) => ReactNode;
};

const gapPx = 4;
const edgePx = 8;

/**
 * A small layer over the page on the browser's own popover: top layer, Esc and a press outside come for free.
 * Mantine's Menu, Popover and Combobox bring 38 kB of placement code into a page; this brings one.
 */
export function Popup({
  id,
  anchor,
  place = "bottom-start",
  role,
  label,
  width,
  onOpenChange,
  children,
}: Props) {
  const popup = useRef<HTMLDivElement>(null);
  const [opened, setOpened] = useState(false);
  const close = useCallback(() => popup.current?.hidePopover(), []);
  const opening = useEffectEvent(() => {
    setOpened(true);
    onOpenChange?.(true);
    requestAnimationFrame(() => settle(popup.current, anchor.current, place));
  });
  // The browser opens it by itself, also before this code is there: whoever is quick gets their rows when it comes.
  useEffect(() => {
    if (popup.current?.matches(":popover-open") === true) opening();
  }, []);
  const onBeforeToggle = (event: ToggleEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget || event.newState !== "open") return;
    // The rows must stand in the popup before it is measured.
    flushSync(() => setOpened(true));
    onOpenChange?.(true);
    requestAnimationFrame(() => settle(popup.current, anchor.current, place));
  };
  const onToggle = (event: ToggleEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget || event.newState !== "closed") return;
    // Not earlier: the browser gives the focus back only while the popup still holds it.
    setOpened(false);
    onOpenChange?.(false);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its role is the caller's, menu or dialog
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles take a label
    <div
      ref={popup}
      id={id}
      popover="auto"
      role={role}
      aria-label={label}
      tabIndex={-1}
      className={css.popup}
      style={width === undefined ? undefined : { width }}
      onBeforeToggle={onBeforeToggle}
      onToggle={onToggle}
      onKeyDown={(event) => onMenuKey(event, close)}
    >
      {opened && children(close)}
    </div>
  );
}

/** Below the button, or above it where there is no room below, and never past the edge of the window. */
function settle(popup: HTMLElement | null, anchor: HTMLElement | null, place: PopupPlace): void {
  if (popup === null || anchor === null) return;
  const at = anchor.getBoundingClientRect();
  const { width, height } = popup.getBoundingClientRect();
  const left = place === "bottom-end" ? at.right - width : at.left;
  const below = at.bottom + gapPx;
  const above = at.top - gapPx - height;
  const up =
    place === "top-start" ? above >= edgePx : below + height > window.innerHeight - edgePx && above >= edgePx;
  popup.style.left = `${Math.max(edgePx, Math.min(left, window.innerWidth - width - edgePx))}px`;
  popup.style.top = `${up ? above : below}px`;
  (popup.querySelector<HTMLElement>("[data-autofocus]") ?? items(popup)[0] ?? popup).focus();
}

/** What the arrow keys move between: everything in the popup that is marked as an item and not off. */
function items(popup: Element): HTMLElement[] {
  return [...popup.querySelectorAll<HTMLElement>("[data-popup-item]:not([aria-disabled='true'])")];
}

function onMenuKey(event: KeyboardEvent<HTMLDivElement>, close: () => void): void {
  if (event.key === "Tab" && event.currentTarget.role === "menu") {
    close();
    return;
  }
  const list = items(event.currentTarget);
  const active = document.activeElement;
  const place = active instanceof HTMLElement ? list.indexOf(active) : -1;
  // Home and End belong to the text while a search field has the focus.
  const typing = active instanceof HTMLInputElement && active.type !== "radio";
  const target = nextItem(event.key, place, list, typing);
  if (target === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  target.focus();
}

function nextItem(
  key: string,
  place: number,
  list: readonly HTMLElement[],
  typing: boolean,
): HTMLElement | undefined {
  const count = list.length;
  if (count === 0) return undefined;
  if (key === "ArrowDown") return list[(place + 1) % count];
  if (key === "ArrowUp") return list[(place <= 0 ? count : place) - 1];
  if (key === "Home" && !typing) return list[0];
  if (key === "End" && !typing) return list[count - 1];
  return undefined;
}
