"use client";

import { Button, Modal, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { recoveryKeys } from "#app/_client/keys.ts";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { ModalFooter } from "#app/_ui/modal-footer.tsx";
import type { Recovery } from "#core/recoveries/contract.ts";
import { OwnToken } from "../../../snapshots/_components/take/own-token.tsx";
import { reasonCharsMax, reasonCharsMin } from "../../_lib/restore-words.ts";
import { undoSentence } from "../_lib/recovery-words.ts";
import { undoRecovery } from "../actions.ts";

type Props = { row: Recovery; opened: boolean; onClose: () => void };

/** The way back as one act. No form, so that Enter never starts it, and the focus begins on the way out. */
export function UndoDialog({ row, opened, onClose }: Props) {
  const [reason, setReason] = useState("");
  const [token, setToken] = useState("");
  const client = useQueryClient();
  const undo = useMutation({
    // Its input may hold a token; nothing of it stays in the cache.
    gcTime: 0,
    mutationFn: () =>
      unwrapped(undoRecovery({ id: row.id, reason: reason.trim(), ...(token === "" ? {} : { token }) })),
    onSuccess: onClose,
    onSettled: () => client.invalidateQueries({ queryKey: recoveryKeys.all }),
  });
  const missing = reason.trim().length < reasonCharsMin ? "A reason is needed" : null;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={undoSentence(row)}
      size={480}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <div className="stack" style={{ gap: 14 }}>
        <p>
          What came back goes again, and what was changed gets the value it had before. Each only where nobody
          changed it since; the rest is left alone and listed.
        </p>
        <Textarea
          label="Reason"
          description="Goes into the audit log."
          rows={2}
          resize="vertical"
          maxLength={reasonCharsMax}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <OwnToken value={token} onChange={setToken} purpose="this undo" />
        {undo.isError && <ErrorNote title="Nothing was taken back." error={undo.error} />}
      </div>
      <ModalFooter hint={missing ?? undefined}>
        <Button variant="default" onClick={onClose} data-autofocus>
          Stay as it is
        </Button>
        <Button
          variant="danger-outline"
          loading={undo.isPending}
          disabled={missing !== null}
          onClick={() => undo.mutate()}
        >
          {undoSentence(row)}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
