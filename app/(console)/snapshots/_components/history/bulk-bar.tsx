"use client";

import { Button } from "@mantine/core";
import { IconDownload, IconGitCompare, IconTrash } from "@tabler/icons-react";
import { formatNumber } from "#app/_ui/format.ts";
import { useNow } from "#app/_ui/time.tsx";
import { compareHref, compareReason } from "../../_lib/compare-link.ts";
import { isInProgress, isKept } from "../../_lib/row-facts.ts";
import { selectionWords } from "../../_lib/snapshot-words.ts";
import { GuardedButton } from "../guarded-button.tsx";
import classes from "./bulk-bar.module.css";
import type { RowActs } from "./row-menu.tsx";
import type { Selection } from "./use-selection.ts";

/** Takes the place of nothing and says in words what is selected, with what can be done to all of it. */
export function BulkBar({ selection, acts }: { selection: Selection; acts: RowActs }) {
  const now = useNow(60_000);
  const { rows } = selection;
  const [only] = rows;
  if (only === undefined) return null;
  return (
    <div className={classes.bar} role="toolbar" aria-label="Selected snapshots">
      <b className="med nowrap" role="status">
        {formatNumber(rows.length)} selected
      </b>
      <span className="t2 trunc">{selectionWords(rows, now)}</span>
      <span className="grow" />
      <GuardedButton
        permission="snapshot.read"
        places={rows}
        reason={compareReason(rows)}
        size="xs"
        leftSection={<IconGitCompare size={14} aria-hidden />}
        href={compareHref(rows)}
      >
        Compare
      </GuardedButton>
      <GuardedButton
        permission="snapshot.download"
        places={[only]}
        reason={rows.length > 1 ? "One at a time" : isKept(only) ? null : "No archive is kept"}
        size="xs"
        leftSection={<IconDownload size={14} aria-hidden />}
        onClick={() => acts.download(only)}
      >
        Download
      </GuardedButton>
      <GuardedButton
        permission="snapshot.delete"
        places={rows}
        reason={rows.some(isInProgress) ? "One of them is still in progress" : null}
        size="xs"
        variant="danger-outline"
        leftSection={<IconTrash size={14} aria-hidden />}
        onClick={() => acts.remove(rows)}
      >
        Delete…
      </GuardedButton>
      <Button size="xs" variant="ghost" onClick={selection.clear}>
        Clear
      </Button>
    </div>
  );
}
