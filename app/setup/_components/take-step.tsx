"use client";
import { Button, Select } from "@mantine/core";
import { IconCamera } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { Note } from "#app/_ui/note.tsx";
import { datacentersQuery } from "#app/(console)/_shell/queries.ts";
import { takeSnapshot } from "#app/(console)/snapshots/actions.ts";
import type { ClusterView } from "#core/clusters/contract.ts";
import { SkipAll } from "./skip-all.tsx";
import { StepActions, StepBody } from "./step.tsx";

type Props = { cluster: ClusterView; onBack: () => void };

/** Starts the take and goes to its page, which shows how it goes on. */
export function TakeStep({ cluster, onBack }: Props) {
  const health = useQuery(datacentersQuery);
  const names = (health.data?.datacenters ?? [])
    .filter((each) => each.clusterId === cluster.id)
    .map((each) => each.datacenter);
  const [picked, setPicked] = useState<string | null>(null);
  const datacenter = picked ?? names[0] ?? null;
  const take = useMutation({
    mutationFn: (name: string) => unwrapped(takeSnapshot({ clusterId: cluster.id, datacenter: name })),
    onSuccess: ({ id }) => window.location.assign(`/snapshots/${id}`),
  });
  return (
    <StepBody>
      {names.length > 1 && (
        <Select
          label="Datacenter"
          data={names}
          value={datacenter}
          onChange={setPicked}
          style={{ maxWidth: 280 }}
        />
      )}
      {datacenter === null ? (
        <Note tone="warn" title={`No datacenter of ${cluster.name} is known yet.`}>
          Snapkeep asks Consul every few seconds. The console opens without a snapshot, too.
        </Note>
      ) : (
        <Note>
          Taking a snapshot of {datacenter} in {cluster.name} changes nothing in Consul. Until there is one,{" "}
          {datacenter} cannot be recovered.
        </Note>
      )}
      {take.error !== null && <ErrorNote title="No snapshot was started." error={take.error} />}
      <StepActions left={<SkipAll />}>
        <Button onClick={onBack}>Back</Button>
        <Button
          variant="primary"
          leftSection={<IconCamera aria-hidden />}
          disabled={datacenter === null}
          loading={take.isPending || take.isSuccess}
          onClick={() => datacenter !== null && take.mutate(datacenter)}
        >
          Take first snapshot
        </Button>
      </StepActions>
    </StepBody>
  );
}
