"use client";
import { Button, Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { ErrorNote } from "./error-panel.tsx";
import { ModalFooter } from "./modal-footer.tsx";

type Props = {
  opened: boolean;
  onClose: () => void;
  /** With the verb: "Delete 2 snapshots". */
  title: string;
  /** What goes and what stays. */
  children: ReactNode;
  /** The red button repeats the whole act. */
  confirmLabel: string;
  cancelLabel?: string;
  onConfirm: () => void;
  pending?: boolean;
  error?: unknown;
  errorTitle?: string;
  /** The reason why it can't be confirmed yet; the button is off and says so. */
  blocked?: string | null;
};

/** For acts that can't be undone. Focus starts on the safe choice, and Enter never confirms. */
export function ConfirmDialog(props: Props) {
  const { opened, onClose, title, children, confirmLabel, cancelLabel = "Cancel", onConfirm } = props;
  const { pending = false, error, errorTitle = "It was not done.", blocked = null } = props;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      size={480}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <div className="stack" style={{ gap: 12 }}>
        {children}
        {error !== undefined && error !== null && <ErrorNote title={errorTitle} error={error} />}
      </div>
      <ModalFooter hint={blocked ?? undefined}>
        <Button variant="default" onClick={onClose} data-autofocus>
          {cancelLabel}
        </Button>
        <Button variant="danger" onClick={onConfirm} loading={pending} disabled={blocked !== null}>
          {confirmLabel}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
