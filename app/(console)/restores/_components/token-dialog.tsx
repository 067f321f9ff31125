"use client";

import { Button, Modal, PasswordInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { ModalFooter } from "#app/_ui/modal-footer.tsx";
import { Note } from "#app/_ui/note.tsx";
import type { TokenCheck } from "#core/restore/contract.ts";
import { checkToken } from "../actions.ts";

type Props = { preflightId: string; opened: boolean; onClose: () => void };

/** Is there a token in somebody's hand that will still work afterwards? Looked up in the archive and forgotten. */
export function TokenDialog({ preflightId, opened, onClose }: Props) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Check token"
      size={480}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <TokenForm preflightId={preflightId} onClose={onClose} />
    </Modal>
  );
}

function TokenForm({ preflightId, onClose }: { preflightId: string; onClose: () => void }) {
  const [token, setToken] = useState("");
  const check = useMutation({
    gcTime: 0,
    mutationFn: () => unwrapped(checkToken({ id: preflightId, token: token.trim() })),
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (token.trim() !== "") check.mutate();
      }}
    >
      <div className="stack" style={{ gap: 12 }}>
        <PasswordInput
          label="ACL token"
          description="Its SecretID is looked up in the snapshot and forgotten. It is not sent to Consul."
          autoComplete="off"
          data-autofocus
          value={token}
          visibilityToggleButtonProps={{ "aria-label": "Show ACL token", tabIndex: 0 }}
          onChange={(event) => {
            check.reset();
            setToken(event.currentTarget.value);
          }}
        />
        {check.data !== undefined && <Answer check={check.data} />}
        {check.isError && <ErrorNote title="The token was not checked." error={check.error} />}
      </div>
      <ModalFooter>
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button type="submit" variant="primary" loading={check.isPending} disabled={token.trim() === ""}>
          Check
        </Button>
      </ModalFooter>
    </form>
  );
}

function Answer({ check }: { check: TokenCheck }) {
  return (
    <Note tone={check.inSnapshot && check.isManagement ? "good" : "warn"} role="status" title={check.text}>
      {check.accessorId !== null && (
        <>
          Accessor <span className="mono">{check.accessorId}</span>
        </>
      )}
    </Note>
  );
}
