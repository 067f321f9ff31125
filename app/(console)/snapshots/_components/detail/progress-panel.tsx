"use client";

import { IconPlayerStop } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { unwrapped } from "#app/_client/action-result.ts";
import { snapshotKeys } from "#app/_client/keys.ts";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { Panel, PanelBody, PanelHeader } from "#app/_ui/panel.tsx";
import { Phases } from "#app/_ui/phases.tsx";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import { stepWords } from "../../_lib/snapshot-words.ts";
import { takePhases } from "../../_lib/take-phases.tsx";
import { cancelTake } from "../../actions.ts";
import { GuardedButton } from "../guarded-button.tsx";
import classes from "./detail.module.css";

/** A take or an upload that is under way, as it is seen by whoever opens its page. */
export function ProgressPanel({ row }: { row: SnapshotDetail }) {
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => unwrapped(cancelTake({ id: row.id })),
    onSettled: () => client.invalidateQueries({ queryKey: snapshotKeys.all }),
  });
  if (row.state === "deleting") return null;
  const cancellable = row.progress?.cancellable === true;
  return (
    <Panel>
      <PanelHeader
        title={row.state === "uploading" ? "Uploading" : "Taking"}
        sub="Nothing is stored until the hashes match."
        actions={
          <GuardedButton
            permission="snapshot.take"
            places={[row]}
            reason={cancellable ? null : "It can't be cancelled at this step"}
            size="xs"
            variant="danger-outline"
            leftSection={<IconPlayerStop size={14} aria-hidden />}
            loading={cancel.isPending}
            onClick={() => cancel.mutate()}
          >
            Cancel snapshot
          </GuardedButton>
        }
      />
      <PanelBody className={classes.progress}>
        <Phases phases={takePhases(row)} />
        {cancel.isError && <ErrorNote title="It was not cancelled." error={cancel.error} />}
        <p className="sr-only" role="status" aria-live="polite">
          {row.progress === null ? "" : stepWords(row.progress.phase, row.mode === "file")}
        </p>
      </PanelBody>
    </Panel>
  );
}
