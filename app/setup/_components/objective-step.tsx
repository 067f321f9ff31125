"use client";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { clusterKeys } from "#app/_client/keys.ts";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { formatObjective } from "#app/_ui/format.ts";
import { Note } from "#app/_ui/note.tsx";
import { draftOf, toInput } from "#app/(console)/clusters/_components/cluster-draft.ts";
import { ObjectiveField } from "#app/(console)/clusters/_components/objective-field.tsx";
import { updateCluster } from "#app/(console)/clusters/actions.ts";
import type { ClusterView } from "#core/clusters/contract.ts";
import { SkipAll } from "./skip-all.tsx";
import { StepActions, StepBody } from "./step.tsx";

type Props = { cluster: ClusterView; onBack: () => void; onDone: (cluster: ClusterView) => void };

/** Sets the objective of the cluster. One from the environment keeps what the environment says. */
export function ObjectiveStep({ cluster, onBack, onDone }: Props) {
  const queries = useQueryClient();
  const [minutes, setMinutes] = useState(cluster.objectiveMinutes);
  const fixed = cluster.source === "environment";
  const changed = { ...cluster, objectiveMinutes: minutes };
  const save = useMutation({
    mutationFn: () => unwrapped(updateCluster({ ...toInput(draftOf(changed)), id: cluster.id })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: clusterKeys.list });
      onDone(changed);
    },
  });
  const next = () => (fixed || minutes === cluster.objectiveMinutes ? onDone(cluster) : save.mutate());
  return (
    <StepBody>
      {fixed ? (
        <Note title={`The objective of ${cluster.name} is ${formatObjective(cluster.objectiveMinutes)}.`}>
          This cluster is set in Snapkeep's environment, so its objective can't be changed here.
        </Note>
      ) : (
        <ObjectiveField value={minutes} onChange={setMinutes} />
      )}
      {save.error !== null && <ErrorNote title="Not saved." error={save.error} />}
      <StepActions left={<SkipAll />}>
        <Button onClick={onBack}>Back</Button>
        <Button variant="primary" onClick={next} loading={save.isPending}>
          {fixed ? "Continue" : "Save and continue"}
        </Button>
      </StepActions>
    </StepBody>
  );
}
