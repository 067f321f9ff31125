"use client";
import { Button, Modal, PasswordInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { accountKeys } from "#app/_client/keys.ts";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { formatCount } from "#app/_ui/format.ts";
import { ModalFooter } from "#app/_ui/modal-footer.tsx";
import { toast } from "#app/_ui/toast.ts";
import type { passwordCharsMin as CharsMin } from "#core/access/contract.ts";
import { fieldErrors, formError } from "../../access/_lib/field-errors.ts";
import { changePassword } from "../actions.ts";

const charsMin: typeof CharsMin = 12;
const fields = ["currentPassword", "newPassword"] as const;

type Props = { name: string; opened: boolean; onClose: () => void };

export function PasswordDialog({ name, opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Change password" size={480} closeOnClickOutside={false}>
      <PasswordForm name={name} onClose={onClose} />
    </Modal>
  );
}

function PasswordForm({ name, onClose }: { name: string; onClose: () => void }) {
  const queries = useQueryClient();
  const [currentPassword, setCurrent] = useState("");
  const [newPassword, setNew] = useState("");
  const change = useMutation({
    gcTime: 0,
    mutationFn: () => unwrapped(changePassword({ currentPassword, newPassword })),
    onSuccess: async ({ ended }) => {
      onClose();
      void toast({
        tone: "good",
        title: "Password changed.",
        ...(ended === 0 ? {} : { message: `${formatCount(ended, "other session")} ended.` }),
      });
      await queries.invalidateQueries({ queryKey: accountKeys.all });
    },
  });
  const errors = fieldErrors(change.error, fields);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate();
      }}
    >
      {/* For the browser's password store, which otherwise guesses whose password this is. */}
      <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
      <div className="stack" style={{ gap: 16 }}>
        <PasswordInput
          label="Current password"
          value={currentPassword}
          error={errors.currentPassword}
          required
          autoComplete="current-password"
          data-autofocus
          visibilityToggleButtonProps={{ "aria-label": "Show current password", tabIndex: 0 }}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <PasswordInput
          label="New password"
          description={`At least ${charsMin} characters. A few words in a row are good.`}
          value={newPassword}
          error={errors.newPassword}
          required
          autoComplete="new-password"
          visibilityToggleButtonProps={{ "aria-label": "Show new password", tabIndex: 0 }}
          onChange={(event) => setNew(event.currentTarget.value)}
        />
        {formError(change.error, fields) !== null && <ErrorNote title="Not changed." error={change.error} />}
      </div>
      <ModalFooter hint="Ends your other sessions.">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" variant="primary" loading={change.isPending}>
          Change password
        </Button>
      </ModalFooter>
    </form>
  );
}
