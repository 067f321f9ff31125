"use client";
import { Button, Modal, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { accountKeys } from "#app/_client/keys.ts";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { ModalFooter } from "#app/_ui/modal-footer.tsx";
import type { PasskeyView } from "#core/access/contract.ts";
import { fieldErrors, formError } from "../../access/_lib/field-errors.ts";
import { renamePasskey } from "../actions.ts";

type Props = { passkey: PasskeyView; opened: boolean; onClose: () => void };

export function RenamePasskeyDialog({ passkey, opened, onClose }: Props) {
  const queries = useQueryClient();
  const [name, setName] = useState(passkey.name);
  const rename = useMutation({
    mutationFn: () => unwrapped(renamePasskey({ id: passkey.id, name })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: accountKeys.passkeys });
      onClose();
    },
  });
  return (
    <Modal opened={opened} onClose={onClose} title={`Rename ${passkey.name}`} size={480}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          rename.mutate();
        }}
      >
        <div className="stack" style={{ gap: 16 }}>
          <TextInput
            label="Name"
            value={name}
            error={fieldErrors(rename.error, ["name"]).name}
            required
            maxLength={60}
            autoComplete="off"
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {formError(rename.error, ["name"]) !== null && (
            <ErrorNote title="Not renamed." error={rename.error} />
          )}
        </div>
        <ModalFooter>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" loading={rename.isPending}>
            Rename
          </Button>
        </ModalFooter>
      </form>
    </Modal>
  );
}
