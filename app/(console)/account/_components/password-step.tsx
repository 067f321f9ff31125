"use client";
import { Button, PasswordInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { ModalFooter } from "#app/_ui/modal-footer.tsx";
import { fieldErrors, formError } from "../../access/_lib/field-errors.ts";

type Props = {
  /** What is about to happen, above the field. */
  children: ReactNode;
  confirmLabel: string;
  danger?: boolean;
  pending: boolean;
  error: unknown;
  failed: string;
  hint?: string;
  onConfirm: (password: string) => void;
  onClose: () => void;
};

/** Asks for the password again, so that an unlocked screen is not enough to change how somebody signs in. */
export function PasswordStep(props: Props) {
  const { children, confirmLabel, danger = false, pending, error, failed, hint, onConfirm, onClose } = props;
  const [password, setPassword] = useState("");
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        // Enter never does what can't be undone.
        if (!danger) onConfirm(password);
      }}
    >
      <div className="stack" style={{ gap: 16 }}>
        {children}
        <PasswordInput
          label="Your password"
          value={password}
          error={fieldErrors(error, ["password"]).password}
          required
          autoComplete="current-password"
          data-autofocus
          visibilityToggleButtonProps={{ "aria-label": "Show password", tabIndex: 0 }}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {formError(error, ["password"]) !== null && <ErrorNote title={failed} error={error} />}
      </div>
      <ModalFooter hint={hint}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          type={danger ? "button" : "submit"}
          variant={danger ? "danger" : "primary"}
          loading={pending}
          disabled={password === ""}
          {...(danger ? { onClick: () => onConfirm(password) } : {})}
        >
          {confirmLabel}
        </Button>
      </ModalFooter>
    </form>
  );
}
