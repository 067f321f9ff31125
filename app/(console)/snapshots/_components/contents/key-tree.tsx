"use client";
import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useCallback, useEffect, useId, useRef, useState } from "react";
import { useWide } from "../../_lib/use-wide.ts";
import { KeyRow } from "./key-row.tsx";
import css from "./keys.module.css";
import { keyRowId, type TreeRow } from "./tree-rows.ts";

type Props = {
  label: string;
  rows: readonly TreeRow[];
  /** The key whose value is shown. */
  selected: string | null;
  onSelect: (row: Extract<TreeRow, { type: "child" }>) => void;
  onOpen: (row: Extract<TreeRow, { type: "child" }>, open: boolean) => void;
  /** A row that loads more came into view. */
  onMore: (row: Extract<TreeRow, { type: "more" }>) => void;
  /** Nearly at the end of the rows. */
  onEnd?: () => void;
};

const pageRows = 12;

/**
 * A tree of any size: only the rows in view exist. The tree itself has the focus and names the current row, since
 * a row that scrolls out of view would take the focus with it.
 */
export function KeyTree({ label, rows, selected, onSelect, onOpen, onMore, onEnd }: Props) {
  const id = useId();
  const height = useWide() ? 28 : 44;
  const scroller = useRef<HTMLDivElement>(null);
  const [currentId, setCurrentId] = useState<string | null>(null);
  const found = rows.findIndex((row) => row.id === currentId);
  const selectedAt = selected === null ? -1 : rows.findIndex((row) => row.id === keyRowId(selected));
  const current = found !== -1 ? found : Math.max(0, selectedAt);
  const withCurrent = useCallback(
    (range: Range) => {
      const seen = defaultRangeExtractor(range);
      return seen.includes(current) || current >= range.count
        ? seen
        : [...seen, current].sort((a, b) => a - b);
    },
    [current],
  );
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (at) => rows[at]?.id ?? at,
    rangeExtractor: withCurrent,
    overscan: 10,
    useFlushSync: false,
  });
  const items = virtual.getVirtualItems();

  const lastSeen = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (lastSeen !== -1 && lastSeen >= rows.length - 20) onEnd?.();
  }, [lastSeen, rows.length, onEnd]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height of a row is what has to be measured anew
  useEffect(() => virtual.measure(), [virtual, height]);

  // A key that a link names is brought into view once, when its row is there.
  const shown = useRef<string | null>(null);
  const toShow = `${selected}/${height}`;
  useEffect(() => {
    if (selectedAt === -1 || shown.current === toShow) return;
    shown.current = toShow;
    virtual.scrollToIndex(selectedAt, { align: "center" });
  }, [toShow, selectedAt, virtual]);

  function goTo(at: number) {
    const row = rows[Math.max(0, Math.min(at, rows.length - 1))];
    if (row === undefined) return;
    setCurrentId(row.id);
    virtual.scrollToIndex(rows.indexOf(row));
  }

  function act(row: TreeRow | undefined) {
    if (row?.type === "error") row.retry();
    if (row?.type !== "child") return;
    setCurrentId(row.id);
    if (row.child.isFolder) onOpen(row, !row.open);
    else {
      // It is in view already, and must not jump from under the pointer.
      shown.current = `${row.child.path.keyId}/${height}`;
      onSelect(row);
    }
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const row = rows[current];
    const step = steps[event.key];
    if (step !== undefined) goTo(step(current, rows.length));
    else if (event.key === "Enter" || event.key === " ") act(row);
    else if (event.key === "ArrowRight" && row?.type === "child" && row.child.isFolder) {
      if (!row.open) onOpen(row, true);
      // Not onto the row that waits for the children: it is gone when they come, and the place with it.
      else if (rows[current + 1]?.type === "child") goTo(current + 1);
    } else if (event.key === "ArrowLeft" && row !== undefined) {
      if (row.type === "child" && row.open) onOpen(row, false);
      else if (row.parent !== -1) goTo(row.parent);
    } else return;
    event.preventDefault();
    if (row !== undefined && currentId === null) setCurrentId((before) => before ?? row.id);
  }

  const rendered = items.some((item) => item.index === current);
  return (
    <div
      ref={scroller}
      role="tree"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={rendered ? `${id}-${current}` : undefined}
      className={css.tree}
      onKeyDown={onKeyDown}
    >
      <div role="none" style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {items.map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <KeyRow
              key={item.key}
              id={`${id}-${item.index}`}
              row={row}
              top={item.start}
              height={height}
              selected={item.index === selectedAt}
              current={item.index === current}
              onAct={() => act(row)}
              onMore={onMore}
            />
          );
        })}
      </div>
    </div>
  );
}

const steps: Record<string, (at: number, count: number) => number> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  PageDown: (at) => at + pageRows,
  PageUp: (at) => at - pageRows,
  Home: () => 0,
  End: (_, count) => count - 1,
};
