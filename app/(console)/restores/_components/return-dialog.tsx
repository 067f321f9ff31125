"use client";

import { Button, Modal } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { ModalFooter } from "#app/_ui/modal-footer.tsx";
import { Note } from "#app/_ui/note.tsx";
import { useNow } from "#app/_ui/time.tsx";
import type { RestoreDetail } from "#core/restore/contract.ts";
import { emptyDraft, missingInDraft, toReturnInput } from "../_lib/confirm-draft.ts";
import { pointInTime } from "../_lib/restore-words.ts";
import { useAct } from "../_lib/use-act.ts";
import { returnToSafety } from "../actions.ts";
import { ActFields, SafetyField } from "./act-fields.tsx";

type Props = { row: RestoreDetail; takenAt: string; opened: boolean; onClose: () => void };

/** The way back as one act. No form, so that Enter never starts it, and the focus begins on the way out. */
export function ReturnDialog({ row, takenAt, opened, onClose }: Props) {
  const now = useNow(60_000);
  const router = useRouter();
  const [draft, setDraft] = useState(emptyDraft);
  const act = useAct(returnToSafety, ({ id }) => {
    onClose();
    router.push(`/restores/${id}`);
  });
  const missing = missingInDraft(draft, row.datacenter);
  const point = pointInTime(takenAt, now);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={`Return ${row.datacenter} to the safety snapshot`}
      size={520}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <div className="stack" style={{ gap: 14 }}>
        <Note tone="bad" title={`Everything in ${row.datacenter} goes back to ${point}.`}>
          What was written since is lost, what this restore brought among it.
        </Note>
        <SafetyField
          draft={draft}
          onChange={setDraft}
          name={row.datacenter}
          lastBytes={row.safetySnapshot?.archiveBytes ?? null}
          lastMs={null}
          without={row.withoutSafety}
        />
        <ActFields draft={draft} onChange={setDraft} name={row.datacenter} blocked={false} />
        {act.isError && <ErrorNote title="It did not start." error={act.error} />}
      </div>
      <ModalFooter hint={missing ?? undefined}>
        <Button variant="default" onClick={onClose} data-autofocus>
          Stay as it is
        </Button>
        <Button
          variant="danger"
          loading={act.isPending}
          disabled={missing !== null}
          onClick={() => act.mutate(toReturnInput(row.id, draft))}
        >
          Return {row.datacenter} to {point}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
