"use client";

import { Button, Modal, PasswordInput } from "@mantine/core";
import { useState } from "react";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { ModalFooter } from "#app/_ui/modal-footer.tsx";
import type { RestoreDetail } from "#core/restore/contract.ts";
import { useAct } from "../_lib/use-act.ts";
import { checkAgain } from "../actions.ts";

type Props = { row: RestoreDetail; opened: boolean; onClose: () => void };

/** After a restore the cluster's token may be gone, so another one can be given for this one look. */
export function CheckAgainDialog({ row, opened, onClose }: Props) {
  const [token, setToken] = useState("");
  const act = useAct(checkAgain, onClose);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={`Compare what ${row.datacenter} holds`}
      size={480}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          act.mutate({ id: row.id, ...(token.trim() === "" ? {} : { token: token.trim() }) });
        }}
      >
        <div className="stack" style={{ gap: 12 }}>
          <p className="t2">
            A fresh snapshot of {row.datacenter} is compared with the one that was restored
            {row.safetySnapshot === null ? "" : ", and with the safety snapshot"}. It changes nothing.
          </p>
          <PasswordInput
            label="ACL token"
            description="Only if the cluster's own no longer works. Never stored."
            autoComplete="off"
            value={token}
            visibilityToggleButtonProps={{ "aria-label": "Show ACL token", tabIndex: 0 }}
            onChange={(event) => setToken(event.currentTarget.value)}
          />
          {act.isError && <ErrorNote title="It was not compared." error={act.error} />}
        </div>
        <ModalFooter>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" loading={act.isPending} data-autofocus>
            Compare
          </Button>
        </ModalFooter>
      </form>
    </Modal>
  );
}
