"use client";
import { Modal } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { unwrapped } from "#app/_client/action-result.ts";
import { accountKeys } from "#app/_client/keys.ts";
import { disableTotp } from "../actions.ts";
import { PasswordStep } from "./password-step.tsx";

type Props = { opened: boolean; onClose: () => void };

export function RemoveAppDialog({ opened, onClose }: Props) {
  const queries = useQueryClient();
  const remove = useMutation({
    gcTime: 0,
    mutationFn: (password: string) => unwrapped(disableTotp({ password })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: accountKeys.all });
      onClose();
    },
  });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Remove authenticator app"
      size={480}
      closeOnClickOutside={false}
    >
      <PasswordStep
        confirmLabel="Remove authenticator app"
        danger
        pending={remove.isPending}
        error={remove.error}
        failed="Not removed."
        onConfirm={remove.mutate}
        onClose={onClose}
      >
        <p>From then on your password alone signs you in. Your recovery codes stop working, too.</p>
      </PasswordStep>
    </Modal>
  );
}
