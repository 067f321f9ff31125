"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { unwrapped } from "#app/_client/action-result.ts";
import { snapshotKeys } from "#app/_client/keys.ts";
import { ConfirmDialog } from "#app/_ui/confirm-dialog.tsx";
import { formatBytes, formatCount } from "#app/_ui/format.ts";
import { Note } from "#app/_ui/note.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import { useNow } from "#app/_ui/time.tsx";
import type { SnapshotRow } from "#core/snapshots/contract.ts";
import { isKept } from "../_lib/row-facts.ts";
import { exactName, totalBytes } from "../_lib/snapshot-words.ts";
import { deleteSnapshot } from "../actions.ts";
import classes from "./delete-dialog.module.css";

type Row = Pick<SnapshotRow, "id" | "state" | "datacenter" | "takenAt" | "archiveBytes" | "pinned" | "note">;
type Props = { rows: readonly Row[]; onClose: () => void; onDeleted: () => void };

/** Lists what goes. Pinned ones stay, and the dialog says so before and not after. */
export function DeleteDialog({ rows, onClose, onDeleted }: Props) {
  const now = useNow(60_000);
  const going = rows.filter((row) => !row.pinned);
  const staying = rows.length - going.length;
  const remove = useRemove(going, onDeleted);
  const sentence = `Delete ${whatWords(going, now)}`;
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={sentence}
      confirmLabel={sentence}
      cancelLabel="Keep"
      onConfirm={() => remove.mutate()}
      pending={remove.isPending}
      error={remove.error}
      errorTitle="Not all of it was deleted."
      blocked={going.length === 0 ? "Pinned snapshots cannot be deleted" : null}
    >
      <p>
        {archiveWords(going)} The audit log keeps that {going.length === 1 ? "it was" : "they were"} there. It
        cannot be undone.
      </p>
      <ul className={classes.list} aria-label="What goes">
        {rows.map((row) => (
          <Item key={row.id} row={row} now={now} />
        ))}
      </ul>
      {staying > 0 && (
        <Note
          tone="warn"
          title={staying === 1 ? "One is pinned and stays." : `${staying} are pinned and stay.`}
        >
          Unpin it first to delete it.
        </Note>
      )}
    </ConfirmDialog>
  );
}

function useRemove(going: readonly Row[], onDeleted: () => void) {
  const client = useQueryClient();
  return useMutation({
    // One after another: if one is refused, the rest stays as it was.
    mutationFn: async () => {
      for (const row of going) await unwrapped(deleteSnapshot({ id: row.id }));
    },
    // The page of a deleted one may still be open for a moment; asking for it again would only get a 404.
    onSettled: () =>
      client.invalidateQueries({
        queryKey: snapshotKeys.all,
        predicate: ({ queryKey }) => !going.some((row) => queryKey.includes(row.id)),
      }),
    onSuccess: onDeleted,
  });
}

function Item({ row, now }: { row: Row; now: number }) {
  const size = row.archiveBytes === null ? "no archive" : formatBytes(row.archiveBytes);
  return (
    <li data-stays={row.pinned || undefined}>
      <StateText state={row.state} />
      <span className="grow trunc">
        <span className="med">{exactName(row, now)}</span>
        {row.note !== "" && <span className="t3"> {row.note}</span>}
      </span>
      <span className="t3 fs12 tn nowrap">{row.pinned ? "pinned, stays" : size}</span>
    </li>
  );
}

/** `dc1 00:02:11`, or how many when it is not exactly one. */
function whatWords(going: readonly Row[], now: number): string {
  const [only] = going;
  return only && going.length === 1 ? exactName(only, now) : formatCount(going.length, "snapshot");
}

function archiveWords(going: readonly Row[]): string {
  const kept = going.filter(isKept);
  if (kept.length === 0) return "No archive is kept, only the record of the attempt goes.";
  const verb = kept.length === 1 ? "is" : "are";
  return `${formatCount(kept.length, "archive")} of ${formatBytes(totalBytes(kept))} ${verb} removed for good.`;
}
