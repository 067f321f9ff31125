"use client";

import { IconLock } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useMemo, useRef } from "react";
import { formatNumber } from "#app/_ui/format.ts";
import { keyWords } from "#app/_ui/key-name.tsx";
import { Tag } from "#app/_ui/state-badge.tsx";
import type { DifferenceRow } from "#core/comparisons/contract.ts";
import { useWide } from "../../snapshots/_lib/use-wide.ts";
import { type ListItem, rowKey, sizeWords } from "../_lib/rows.ts";
import { ChangeSign } from "./change-sign.tsx";
import classes from "./differences.module.css";
import { useWindow } from "./use-window.ts";

type Props = {
  label: string;
  items: readonly ListItem[];
  rows: readonly DifferenceRow[];
  chosen: string | null;
  /** The list begins at its top again when this changes. */
  resetKey: string;
  onChoose: (key: string) => void;
  /** Asked when the end of what is loaded comes near. */
  onNearEnd?: () => void;
  isLoading: boolean;
};

const folderPx = 28;
const rowPx = 30;
const touchRowPx = 44;
const nearEnd = 40;

/** Only what can be seen is on the page, however many differ. Arrows move, and what is chosen is read beside it. */
export function DifferencesList(props: Props) {
  const { label, items, rows, chosen, resetKey, onChoose, onNearEnd, isLoading } = props;
  const id = useId();
  const area = useRef<HTMLDivElement>(null);
  const wide = useWide();
  const heights = useMemo(
    () => items.map((item) => (item.type === "folder" ? folderPx : wide ? rowPx : touchRowPx)),
    [items, wide],
  );
  const { first, last, tops, show } = useWindow(area, heights);
  const at = rows.findIndex((row) => rowKey(row) === chosen);

  const isSeen = items.slice(first, last + 1).some((item) => item.type === "row" && item.place === at);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its top
  useLayoutEffect(() => {
    if (area.current !== null) area.current.scrollTop = 0;
  }, [resetKey]);
  useEffect(() => {
    if (last >= items.length - nearEnd) onNearEnd?.();
  }, [last, items.length, onNearEnd]);
  useShownOnce(chosen, at, items, show);

  function onKeyDown(event: KeyboardEvent) {
    const next = target(event.key, at, rows.length);
    const row = next === null ? undefined : rows[next];
    if (row === undefined) return;
    event.preventDefault();
    onChoose(rowKey(row));
  }

  return (
    <div
      ref={area}
      className={classes.list}
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={isSeen ? `${id}-${at}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div className={classes.inner} style={{ height: tops[items.length] ?? 0 }} role="presentation">
        {items.slice(first, last + 1).map((item, offset) => {
          const style = { top: tops[first + offset] ?? 0 };
          if (item.type === "folder") return <FolderHead key={item.key} item={item} style={style} />;
          return (
            <Row
              key={item.key}
              id={`${id}-${item.place}`}
              item={item}
              style={style}
              selected={item.place === at}
              onChoose={() => onChoose(rowKey(item.row))}
            />
          );
        })}
      </div>
      {isLoading && (
        <p className={classes.more} role="presentation">
          Reading on…
        </p>
      )}
    </div>
  );
}

/** Brings what was chosen into view, once: more rows that come later must not pull the reader back to it. */
function useShownOnce(
  chosen: string | null,
  at: number,
  items: readonly ListItem[],
  show: (place: number, above: number) => void,
): void {
  const shown = useRef<string | null>(null);
  useEffect(() => {
    if (at === -1 || shown.current === chosen) return;
    shown.current = chosen;
    const place = items.findIndex((item) => item.type === "row" && item.place === at);
    // The first row of a folder is shown together with the folder's name.
    show(place, items[place - 1]?.type === "folder" ? folderPx : 0);
  }, [chosen, at, items, show]);
}

function target(key: string, at: number, count: number): number | null {
  switch (key) {
    case "ArrowDown":
    case "j":
      return Math.min(count - 1, at + 1);
    case "ArrowUp":
    case "k":
      return Math.max(0, at - 1);
    case "PageDown":
      return Math.min(count - 1, at + 15);
    case "PageUp":
      return Math.max(0, at - 15);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}

type Style = { top: number };

function FolderHead({ item, style }: { item: Extract<ListItem, { type: "folder" }>; style: Style }) {
  return (
    <div className={classes.folder} style={style} role="presentation">
      <span className="mono trunc">{item.folder === "" ? "(no folder)" : keyWords(item.folder, 48)}</span>
      <span className="t3 tn">
        {formatNumber(item.rows)}
        {!item.complete && "+"}
      </span>
    </div>
  );
}

type RowProps = {
  id: string;
  item: Extract<ListItem, { type: "row" }>;
  style: Style;
  selected: boolean;
  onChoose: () => void;
};

function Row({ id, item, style, selected, onChoose }: RowProps) {
  const { row } = item;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox around it has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the listbox around it has the focus
    <div
      id={id}
      role="option"
      aria-selected={selected}
      aria-posinset={item.place + 1}
      aria-setsize={-1}
      className={classes.row}
      style={style}
      title={keyWords(row.label, 1_000)}
      onClick={onChoose}
    >
      <ChangeSign change={row.change} />
      <span className="mono trunc grow" dir="ltr">
        {keyWords(item.name, 64)}
      </span>
      {row.closed === null ? (
        <span className="t3 fs12 nowrap tn">{sizeWords(row)}</span>
      ) : (
        <Tag>
          <IconLock size={12} aria-hidden />
          redacted
        </Tag>
      )}
    </div>
  );
}
