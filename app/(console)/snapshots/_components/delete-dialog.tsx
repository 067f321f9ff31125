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
  const client = useQueryClient();
  const now = useNow(60_000);
  const going = rows.filter((row) => !row.pinned);
  const staying = rows.length - going.length;
  const remove = useMutation({
    // One after another: if one is refused, the rest stays as it was.
    mutationFn: async () => {
      for (const row of going) await unwrapped(deleteSnapshot({ id: row.id }));
    },
    onSettled: () => client.invalidateQueries({ queryKey: snapshotKeys.all }),
    onSuccess: onDeleted,
  });
  const [only] = going;
  const what =
    going.length === 1 && only
      ? `snapshot of ${exactName(only, now)}`
      : formatCount(going.length, "snapshot");
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={going.length === 1 ? "Delete snapshot" : `Delete ${what}`}
      confirmLabel={going.length === 1 ? "Delete snapshot" : `Delete ${what}`}
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
          <li key={row.id} data-stays={row.pinned || undefined}>
            <StateText state={row.state} />
            <span className="grow trunc">
              <span className="med">{exactName(row, now)}</span>
              {row.note !== "" && <span className="t3"> {row.note}</span>}
            </span>
            <span className="t3 fs12 tn nowrap">
              {row.pinned
                ? "pinned, stays"
                : row.archiveBytes === null
                  ? "no archive"
                  : formatBytes(row.archiveBytes)}
            </span>
          </li>
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

function archiveWords(going: readonly Row[]): string {
  const kept = going.filter(isKept);
  if (kept.length === 0) return "No archive is kept, only the record of the attempt goes.";
  const verb = kept.length === 1 ? "is" : "are";
  return `${formatCount(kept.length, "archive")} of ${formatBytes(totalBytes(kept))} ${verb} removed for good.`;
}
