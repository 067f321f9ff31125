"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { unwrapped } from "#app/_client/action-result.ts";
import { accountKeys } from "#app/_client/keys.ts";
import { ConfirmDialog } from "#app/_ui/confirm-dialog.tsx";
import type { PasskeyView } from "#core/access/contract.ts";
import { removePasskey } from "../actions.ts";

type Props = { passkey: PasskeyView; opened: boolean; onClose: () => void };

export function RemovePasskeyDialog({ passkey, opened, onClose }: Props) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => unwrapped(removePasskey({ id: passkey.id })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: accountKeys.all });
      onClose();
    },
  });
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={`Remove ${passkey.name}`}
      confirmLabel={`Remove ${passkey.name}`}
      cancelLabel="Keep"
      onConfirm={() => remove.mutate()}
      pending={remove.isPending}
      error={remove.error}
      errorTitle="Not removed."
    >
      <p>It can't sign you in any more. The device keeps it until you remove it there, too.</p>
      <p className="t2">Sessions that are open go on.</p>
    </ConfirmDialog>
  );
}
