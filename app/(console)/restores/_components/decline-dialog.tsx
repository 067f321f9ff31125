"use client";

import { Button, Modal, Textarea } from "@mantine/core";
import { useState } from "react";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { ModalFooter } from "#app/_ui/modal-footer.tsx";
import type { RestoreDetail } from "#core/restore/contract.ts";
import { reasonCharsMax, reasonCharsMin } from "../_lib/restore-words.ts";
import { useAct } from "../_lib/use-act.ts";
import { declineRestore } from "../actions.ts";

type Props = { row: RestoreDetail; opened: boolean; onClose: () => void };

/** A no with its reason, which the one who asked reads. */
export function DeclineDialog({ row, opened, onClose }: Props) {
  const [reason, setReason] = useState("");
  const decline = useAct(declineRestore, onClose);
  const missing = reason.trim().length < reasonCharsMin ? "A reason is needed" : null;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={`Decline the restore of ${row.datacenter}`}
      size={480}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <div className="stack" style={{ gap: 12 }}>
        <p className="t2">Nothing is sent to Consul. {row.byName} has to ask again for another try.</p>
        <Textarea
          label="Reason"
          description="Goes into the audit log."
          rows={2}
          resize="vertical"
          maxLength={reasonCharsMax}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {decline.isError && <ErrorNote title="It was not declined." error={decline.error} />}
      </div>
      <ModalFooter hint={missing ?? undefined}>
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep it waiting
        </Button>
        <Button
          variant="primary"
          loading={decline.isPending}
          disabled={missing !== null}
          onClick={() => decline.mutate({ id: row.id, reason: reason.trim() })}
        >
          Decline
        </Button>
      </ModalFooter>
    </Modal>
  );
}
