"use client";
import { Modal, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { accountKeys } from "#app/_client/keys.ts";
import { fieldErrors } from "../../access/_lib/field-errors.ts";
import { agentWords } from "../_lib/agent-words.ts";
import { registerPasskey } from "../_lib/register-passkey.ts";
import { beginPasskey, finishPasskey } from "../actions.ts";
import { PasswordStep } from "./password-step.tsx";

type Props = { opened: boolean; onClose: () => void };

export function AddPasskeyDialog({ opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Add passkey" size={480} closeOnClickOutside={false}>
      <PasskeyForm onClose={onClose} />
    </Modal>
  );
}

function PasskeyForm({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState(() => agentWords(navigator.userAgent));
  const add = useMutation({
    gcTime: 0,
    mutationFn: async (password: string) => {
      const { options } = await unwrapped(beginPasskey({ password }));
      const response = await registerPasskey(options);
      return unwrapped(finishPasskey({ name, response }));
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: accountKeys.all });
      onClose();
    },
  });
  return (
    <PasswordStep
      confirmLabel="Add passkey"
      pending={add.isPending}
      error={fieldErrors(add.error, ["name"]).name === undefined ? add.error : null}
      failed="Not added."
      hint="The browser asks next."
      onConfirm={add.mutate}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        description="So that you know it again in the list."
        value={name}
        error={fieldErrors(add.error, ["name"]).name}
        required
        maxLength={60}
        autoComplete="off"
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </PasswordStep>
  );
}
