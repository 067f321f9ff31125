"use client";
import {
  IconChevronDown,
  IconChevronRight,
  IconFile,
  IconFolder,
  IconFolderOpen,
  IconLoader2,
  IconLock,
  IconRefresh,
} from "@tabler/icons-react";
import { useEffect } from "react";
import { errorText } from "#app/_ui/error-panel.tsx";
import { formatBytes, formatCount } from "#app/_ui/format.ts";
import { KeyName } from "#app/_ui/key-name.tsx";
import { Tag } from "#app/_ui/state-badge.tsx";
import type { KeyChild } from "#core/contents/contract.ts";
import css from "./keys.module.css";
import type { TreeRow } from "./tree-rows.ts";

type Props = {
  id: string;
  row: TreeRow;
  top: number;
  height: number;
  selected: boolean;
  current: boolean;
  onAct: () => void;
  onMore: (row: Extract<TreeRow, { type: "more" }>) => void;
};

/** Deeper than this the names would leave no room for themselves. */
const indentLevelsMax = 10;

/** The keyboard is the tree's, which has the focus; a row only takes the pointer. */
export function KeyRow({ id, row, top, height, selected, current, onAct, onMore }: Props) {
  useEffect(() => {
    if (row.type === "more") onMore(row);
  }, [row, onMore]);
  const isChild = row.type === "child";
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the focus and listens to the keys
    // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant of the tree points here
    <div
      id={id}
      role="treeitem"
      aria-level={row.level}
      aria-selected={selected}
      {...(isChild ? { "aria-posinset": row.place, "aria-setsize": row.of ?? -1 } : {})}
      {...(isChild && row.child.isFolder ? { "aria-expanded": row.open } : {})}
      data-current={current || undefined}
      className={css.row}
      style={{
        height,
        transform: `translateY(${top}px)`,
        paddingLeft: 12 + 18 * (Math.min(row.level, indentLevelsMax) - 1),
      }}
      onClick={onAct}
    >
      {row.type === "child" && <Child row={row} />}
      {(row.type === "waiting" || row.type === "more") && (
        <span className={`t3 fs12 ${css.aside}`}>
          <IconLoader2 size={14} className="spin" aria-hidden />
          Loading more…
        </span>
      )}
      {row.type === "error" && (
        <span className={`c-bad fs12 trunc ${css.aside}`}>
          <IconRefresh size={14} aria-hidden />
          Try again: {errorText(row.error)}
        </span>
      )}
    </div>
  );
}

function Child({ row }: { row: Extract<TreeRow, { type: "child" }> }) {
  const { child } = row;
  const closed = child.entry?.closed ?? null;
  return (
    <>
      <span className={css.twist}>
        {child.isFolder && (row.open ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />)}
      </span>
      <span className={css.icon}>
        <Icon child={child} open={row.open} />
      </span>
      <span className={`${css.name} grow`}>
        <KeyName text={nameOf(child)} isUtf8={child.path.isUtf8} />
      </span>
      {closed !== null && <Tag>redacted</Tag>}
      {child.isFolder && <span className={css.count}>{formatCount(child.keys, "key")}</span>}
      <span className={css.size}>{formatBytes(child.valueBytes)}</span>
    </>
  );
}

/** The key that is called as its folder has no name left in it. */
function nameOf(child: KeyChild): string {
  return child.name === "" ? child.path.text : child.name;
}

function Icon({ child, open }: { child: KeyChild; open: boolean }) {
  if (child.isFolder) return open ? <IconFolderOpen size={14} /> : <IconFolder size={14} />;
  return child.entry?.closed == null ? <IconFile size={14} /> : <IconLock size={14} />;
}
