"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { unwrapped } from "#app/_client/action-result.ts";
import { accountKeys } from "#app/_client/keys.ts";
import { ConfirmDialog } from "#app/_ui/confirm-dialog.tsx";
import { formatCount } from "#app/_ui/format.ts";
import { endOtherSessions } from "../actions.ts";

type Props = { others: number; opened: boolean; onClose: () => void };

export function EndOthersDialog({ others, opened, onClose }: Props) {
  const queries = useQueryClient();
  const end = useMutation({
    mutationFn: () => unwrapped(endOtherSessions({})),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: accountKeys.sessions });
      onClose();
    },
  });
  const words = formatCount(others, "other session");
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={`End ${words}`}
      confirmLabel={`End ${words}`}
      onConfirm={() => end.mutate()}
      pending={end.isPending}
      error={end.error}
      errorTitle="Not ended."
    >
      <p>Signs you out everywhere but here. Who knows your password can sign in again: change it, too.</p>
      <p className="t2">Your API tokens go on.</p>
    </ConfirmDialog>
  );
}
