"use client";
import { type ReactNode, useEffect, useRef, useState } from "react";
import css from "./popup.module.css";

type Props = {
  /** For the eye only: say the same to a screen reader in the child, by `aria-label` or an `.sr-only` text. */
  text: ReactNode;
  children: ReactNode;
  className?: string;
};

const openDelayMs = 300;

/** A tooltip on hover and on focus, on the browser's own top layer; Mantine's brings 24 kB of placement code. */
export function Tip({ text, children, className }: Props) {
  const [shown, setShown] = useState(false);
  const frame = useRef<HTMLSpanElement>(null);
  const bubble = useRef<HTMLSpanElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!shown) return;
    place(bubble.current, frame.current);
    const onKey = (event: KeyboardEvent) => event.key === "Escape" && setShown(false);
    const onScroll = () => setShown(false);
    window.addEventListener("keydown", onKey);
    window.addEventListener("scroll", onScroll, { capture: true, passive: true });
    return () => {
      window.removeEventListener("keydown", onKey);
      window.removeEventListener("scroll", onScroll, { capture: true });
    };
  }, [shown]);
  const openSoon = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setShown(true), openDelayMs);
  };
  const close = () => {
    clearTimeout(timer.current);
    setShown(false);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only watches the control inside it
    <span
      ref={frame}
      className={className === undefined ? css.tipFrame : `${css.tipFrame} ${className}`}
      onPointerEnter={openSoon}
      onPointerLeave={close}
      onFocus={openSoon}
      onBlur={close}
    >
      {children}
      {shown && (
        <span ref={bubble} popover="manual" aria-hidden className={css.tip}>
          {text}
        </span>
      )}
    </span>
  );
}

const gapPx = 6;
const edgePx = 8;

/** Above the control, or below it where there is no room above. */
function place(bubble: HTMLElement | null, frame: HTMLElement | null): void {
  if (bubble === null || frame === null) return;
  bubble.showPopover();
  const at = frame.getBoundingClientRect();
  const { width, height } = bubble.getBoundingClientRect();
  const left = at.left + at.width / 2 - width / 2;
  const above = at.top - gapPx - height;
  bubble.style.left = `${Math.max(edgePx, Math.min(left, window.innerWidth - width - edgePx))}px`;
  bubble.style.top = `${above < edgePx ? at.bottom + gapPx : above}px`;
}
