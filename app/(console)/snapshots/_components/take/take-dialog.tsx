"use client";

import { Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { closeTake, type TakeDialogState } from "../../_lib/take-store.ts";
import { snapshotDetailQuery } from "../../queries.ts";
import { NoLeader } from "./no-leader.tsx";
import { TakeForm } from "./take-form.tsx";
import { TakeProgress, TakeProgressTitle } from "./take-progress.tsx";

/** One window for the whole of a take: the form, then its progress, then how it ended. */
export function TakeDialog({ dialog }: { dialog: TakeDialogState }) {
  const id = dialog.kind === "progress" ? dialog.id : "";
  const detail = useQuery({ ...snapshotDetailQuery(id), enabled: id !== "" });
  const row = detail.data;
  const noLeader = row?.state === "failed" && row.failureCode === "consul_no_leader";
  return (
    <Modal.Root
      opened={dialog.kind !== "closed"}
      onClose={closeTake}
      size={noLeader ? 680 : 600}
      yOffset={64}
      closeOnClickOutside={false}
    >
      <Modal.Overlay />
      <Modal.Content>
        {noLeader && row.datacenter !== null ? (
          <NoLeader row={row} />
        ) : (
          <>
            <Modal.Header role="presentation">
              <Modal.Title component="h2">
                {dialog.kind === "progress" ? <TakeProgressTitle row={row} /> : "Take snapshot"}
              </Modal.Title>
              <Modal.CloseButton aria-label="Close" />
            </Modal.Header>
            <Modal.Body>
              {dialog.kind === "form" && <TakeForm seed={dialog.seed} />}
              {dialog.kind === "progress" && <TakeProgress id={dialog.id} row={row} error={detail.error} />}
            </Modal.Body>
          </>
        )}
      </Modal.Content>
    </Modal.Root>
  );
}
