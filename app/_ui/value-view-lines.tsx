"use client";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useLayoutEffect, useMemo, useRef, useState } from "react";
import css from "./value-view.module.css";
import { hexLine, showUnseenInLine, toLines } from "./value-view-text.ts";
import { VisibleText } from "./visible-text.tsx";

const lineHeightPx = 18;
/** Up to here a text is laid out as a whole, and its long lines wrap. Beyond, only the visible lines exist. */
const wholeCharsMax = 20_000;
const lineCharsMax = 400;

export function TextLines({ text }: { text: string }) {
  if (text.length <= wholeCharsMax) {
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      <pre className={css.whole} tabIndex={0}>
        <VisibleText text={text.split("\n").map(showUnseenInLine).join("\n")} />
      </pre>
    );
  }
  return <LongText text={text} />;
}

function LongText({ text }: { text: string }) {
  const lines = useMemo(() => toLines(text, lineCharsMax), [text]);
  return (
    <Lines count={lines.length}>
      {(at) => (
        <>
          <span className={css.number}>{lines[at]?.number}</span>
          <VisibleText text={showUnseenInLine(lines[at]?.text ?? "")} />
        </>
      )}
    </Lines>
  );
}

export function HexLines({ bytes }: { bytes: Uint8Array }) {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(16);
  useLayoutEffect(() => {
    const { current } = frame;
    if (current === null) return;
    // 16 bytes a row take 79 letters of 7 px, and 8 take 43.
    const watcher = new ResizeObserver(([entry]) => setWidth((entry?.contentRect.width ?? 0) < 590 ? 8 : 16));
    watcher.observe(current);
    return () => watcher.disconnect();
  }, []);
  return (
    <div ref={frame} className={css.frame}>
      <Lines count={Math.ceil(bytes.length / width)}>{(at) => hexLine(bytes, at * width, width)}</Lines>
    </div>
  );
}

/** Only the lines in view exist, so that a megabyte scrolls as lightly as a page. */
function Lines({ count, children }: { count: number; children: (at: number) => ReactNode }) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeightPx,
    overscan: 20,
    useFlushSync: false,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div ref={scroller} className={css.lines} tabIndex={0}>
      <div style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {virtual.getVirtualItems().map((item) => (
          <div key={item.key} className={css.line} style={{ transform: `translateY(${item.start}px)` }}>
            {children(item.index)}
          </div>
        ))}
      </div>
    </div>
  );
}
