"use client";
import { Modal } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { accountKeys } from "#app/_client/keys.ts";
import { newRecoveryCodes } from "../actions.ts";
import { PasswordStep } from "./password-step.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";

type Props = { name: string; opened: boolean; onClose: () => void };

export function NewCodesDialog({ name, opened, onClose }: Props) {
  const queries = useQueryClient();
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const make = useMutation({
    gcTime: 0,
    mutationFn: (password: string) => unwrapped(newRecoveryCodes({ password })),
    onSuccess: async ({ recoveryCodes }) => {
      setCodes(recoveryCodes);
      await queries.invalidateQueries({ queryKey: accountKeys.one });
    },
  });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="New recovery codes"
      size={480}
      closeOnClickOutside={false}
    >
      {codes === null ? (
        <PasswordStep
          confirmLabel="Make new codes"
          pending={make.isPending}
          error={make.error}
          failed="No new codes were made."
          onConfirm={make.mutate}
          onClose={onClose}
        >
          <p>The codes that you have stop working. Ten new ones are shown next.</p>
        </PasswordStep>
      ) : (
        <RecoveryCodes codes={codes} name={name} onClose={onClose} />
      )}
    </Modal>
  );
}
