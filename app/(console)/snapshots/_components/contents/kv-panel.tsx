"use client";
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { formatBytes, formatCount } from "#app/_ui/format.ts";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { PatternField } from "#app/_ui/pattern-field.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import type { KeyChild, KeyEntry } from "#core/contents/contract.ts";
import { prefixOfPattern } from "../../_lib/recover-choice.ts";
import type { InView } from "../recover/recover-bar.tsx";
import { IndexingNote } from "./indexing-note.tsx";
import { ancestorsOf, opensOf } from "./key-path.ts";
import { KeySearch } from "./key-search.tsx";
import { KeyTree } from "./key-tree.tsx";
import css from "./keys.module.css";
import { keyRowId } from "./tree-rows.ts";
import type { ContentsUrl } from "./use-contents-url.ts";
import { useTree } from "./use-tree.ts";

const ValuePanel = lazy(() => import("./value-panel.tsx").then((module) => ({ default: module.ValuePanel })));
const RecoverBar = lazy(() =>
  import("../recover/recover-bar.tsx").then((module) => ({ default: module.RecoverBar })),
);

type Props = {
  id: string;
  url: ContentsUrl;
  wide: boolean;
  onWide: (wide: boolean) => void;
};

/** The keys of the snapshot as the folders that their slashes make, a field to find some, and a value below. */
export function KvPanel({ id, url, wide, onWide }: Props) {
  const [atFirst] = useState(() => [
    ...opensOf(url.prefix ?? ""),
    ...(url.keyId === null ? [] : ancestorsOf(url.keyId)),
  ]);
  const tree = useTree(id, atFirst);
  const { keyId } = url;
  // Back and links within the page open what they lead to, too.
  const seen = useRef(keyId);
  useEffect(() => {
    if (keyId === null || seen.current === keyId) return;
    seen.current = keyId;
    tree.openAll(ancestorsOf(keyId));
  });
  const [searched, setSearched] = useState<KeyEntry | null>(null);
  const [folder, setFolder] = useState<KeyChild | null>(null);
  const row = tree.rows.find((one) => keyId !== null && one.id === keyRowId(keyId));
  const entry = row?.type === "child" ? row.child.entry : searched?.keyId === keyId ? searched : null;
  return (
    <Panel className={css.panel} data-wide={(wide && keyId !== null) || undefined}>
      <PanelHeader
        title="KV browser"
        sub={
          tree.totals === undefined
            ? undefined
            : `${formatCount(tree.totals.keys, "key")}, ${formatBytes(tree.totals.valueBytes)}`
        }
      />
      <div className={css.field}>
        <PatternField
          label="Prefix or pattern"
          placeholder="Prefix or pattern, like checkout/*"
          value={url.pattern}
          onChange={url.search}
        />
      </div>
      {url.pattern !== "" ? (
        <KeySearch
          key={url.pattern}
          id={id}
          pattern={url.pattern}
          keys={tree.totals?.keys ?? null}
          selected={keyId}
          onSelect={(found) => {
            setSearched(found);
            url.showKey(found.keyId);
          }}
        />
      ) : (
        <TreeArea tree={tree}>
          <KeyTree
            label="Keys"
            rows={tree.rows}
            selected={keyId}
            onSelect={({ child }) => {
              setFolder(null);
              url.showKey(child.path.keyId);
            }}
            onOpen={({ child }, open) => {
              setFolder(child);
              tree.setOpen(child.path.keyId, open);
              url.showFolder(open ? child.path.keyId : null);
            }}
            onMore={({ prefix, cursor }) => tree.loadMore(prefix, cursor)}
          />
        </TreeArea>
      )}
      {keyId !== null && (
        <Suspense fallback={<div className={css.value} />}>
          <ValuePanel
            key={keyId}
            id={id}
            keyId={keyId}
            entry={entry}
            wide={wide}
            onWide={onWide}
            onClose={() => url.showKey(null)}
            onSession={(session) => url.showTable("session", session)}
          />
        </Suspense>
      )}
      <Recover id={id} inView={inViewOf(url.pattern, folder, entry)} />
    </Panel>
  );
}

/** What was touched last; a search for a prefix stands for all that begins so, until one of its keys is shown. */
function inViewOf(pattern: string, folder: KeyChild | null, entry: KeyEntry | null): InView | null {
  if (pattern === "" && folder !== null) return { type: "folder", child: folder };
  if (entry !== null) return { type: "key", entry };
  const prefix = pattern === "" ? null : prefixOfPattern(pattern);
  return prefix === null ? null : { type: "prefix", prefix };
}

function Recover({ id, inView }: { id: string; inView: InView | null }) {
  if (inView === null) return null;
  return (
    <Suspense>
      <RecoverBar id={id} inView={inView} />
    </Suspense>
  );
}

type AreaProps = { tree: ReturnType<typeof useTree>; children: ReactNode };

function TreeArea({ tree, children }: AreaProps) {
  if (tree.totals === undefined && tree.error !== null) {
    return (
      <div className={css.message}>
        <ErrorNote title="The keys could not be read." error={tree.error}>
          <button type="button" className="link" onClick={tree.retry}>
            Try again
          </button>
        </ErrorNote>
      </div>
    );
  }
  if (tree.totals === undefined) {
    return (
      <div className={css.message} aria-busy="true">
        <IndexingNote />
        <SkeletonList rows={11} height={28} />
      </div>
    );
  }
  if (tree.totals.keys === 0) {
    return (
      <div className={css.message}>
        <p className="t3">This snapshot holds no keys.</p>
      </div>
    );
  }
  return children;
}
