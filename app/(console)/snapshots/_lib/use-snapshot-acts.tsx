"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { unwrapped } from "#app/_client/action-result.ts";
import { ApiError } from "#app/_client/api.ts";
import { snapshotKeys } from "#app/_client/keys.ts";
import { toast } from "#app/_ui/toast.ts";
import type { SnapshotRow } from "#core/snapshots/contract.ts";
import { createDownloadTicket, pinSnapshot } from "../actions.ts";
import { exactName } from "./snapshot-words.ts";

type Target = Pick<SnapshotRow, "id" | "datacenter" | "takenAt">;

function sayFailed(title: string) {
  return (error: Error) => {
    const id = error instanceof ApiError && error.requestId !== "" ? ` (${error.requestId})` : "";
    void toast({ tone: "bad", title, message: `${error.message}${id}` });
  };
}

/** Fetches a ticket, then lets the browser download by itself: its own progress, its own place on the disk. */
export function useDownload() {
  return useMutation({
    mutationFn: (row: Target) => unwrapped(createDownloadTicket({ id: row.id })),
    onSuccess: (ticket) => {
      const anchor = document.createElement("a");
      anchor.href = ticket.url;
      anchor.download = "";
      anchor.click();
    },
    onError: sayFailed("The download did not start"),
  });
}

type PinInput = { row: Target; pinned: boolean; undo?: boolean };

/** Reversible, so it is done at once and can be taken back from the message. */
export function usePin() {
  const client = useQueryClient();
  const mutation = useMutation({
    mutationFn: ({ row, pinned }: PinInput) => unwrapped(pinSnapshot({ id: row.id, pinned })),
    onSuccess: (_done, { row, pinned, undo }) => {
      void client.invalidateQueries({ queryKey: snapshotKeys.all });
      const title = `${pinned ? "Pinned" : "Unpinned"} ${exactName(row, Date.now())}`;
      const onUndo = () => mutation.mutate({ row, pinned: !pinned, undo: true });
      void toast({
        tone: "good",
        id: `pin-${row.id}`,
        title,
        ...(undo === true ? {} : { message: <UndoButton onClick={onUndo} /> }),
      });
    },
    onError: sayFailed("The pin did not change"),
  });
  return mutation;
}

function UndoButton({ onClick }: { onClick: () => void }) {
  return (
    <button
      type="button"
      className="link"
      style={{ border: 0, background: "none", padding: 0, cursor: "pointer" }}
      onClick={onClick}
    >
      Undo
    </button>
  );
}
