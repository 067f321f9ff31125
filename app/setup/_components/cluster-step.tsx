"use client";
import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { Facts } from "#app/_ui/facts.tsx";
import { Note } from "#app/_ui/note.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { testInputOf } from "#app/(console)/clusters/_components/cluster-draft.ts";
import { ClusterFields } from "#app/(console)/clusters/_components/cluster-fields.tsx";
import { ConnectionTest } from "#app/(console)/clusters/_components/connection-test.tsx";
import { useClusterForm } from "#app/(console)/clusters/_components/use-cluster-form.ts";
import { useConnectionTest } from "#app/(console)/clusters/_components/use-connection-test.ts";
import { clustersQuery } from "#app/(console)/clusters/queries.ts";
import type { ClusterView } from "#core/clusters/contract.ts";
import { SkipAll } from "./skip-all.tsx";
import { StepActions, StepBody } from "./step.tsx";

type Props = { onDone: (cluster: ClusterView) => void };

/** A cluster from the environment, or one saved before, is shown as it is and tested; else there is a form. */
export function ClusterStep({ onDone }: Props) {
  const clusters = useQuery(clustersQuery);
  const [another, setAnother] = useState(false);
  if (clusters.error !== null && clusters.data === undefined) {
    return (
      <StepBody>
        <ErrorNote title="The clusters could not be read." error={clusters.error} />
        <StepActions>
          <Button onClick={() => void clusters.refetch()}>Try again</Button>
        </StepActions>
      </StepBody>
    );
  }
  if (clusters.data === undefined) return <SkeletonList rows={3} />;
  const [first] = clusters.data.clusters;
  if (first !== undefined && !another) {
    return <KnownCluster cluster={first} onDone={onDone} onAnother={() => setAnother(true)} />;
  }
  return <NewCluster onDone={onDone} />;
}

function KnownCluster({
  cluster,
  onDone,
  onAnother,
}: Props & { cluster: ClusterView; onAnother: () => void }) {
  const { run, report, pending, error } = useConnectionTest();
  useEffect(() => {
    run(testInputOf(cluster)).catch(() => undefined);
  }, [run, cluster]);
  const origin =
    cluster.source === "environment" ? "from CONSUL_HTTP_ADDR and its kin" : "saved in this console";
  return (
    <StepBody>
      <Facts
        align="left"
        facts={[
          { label: "Cluster", value: <span className="med">{cluster.name}</span> },
          { label: "Addresses", value: <span className="mono">{cluster.addresses.join(", ")}</span> },
          { label: "Settings", value: origin },
        ]}
      />
      <ConnectionTest
        report={report}
        pending={pending}
        error={error}
        onTest={() => void run(testInputOf(cluster)).catch(() => undefined)}
      />
      <StepActions left={<SkipAll />}>
        <Button onClick={onAnother}>Connect another</Button>
        <Button variant="primary" onClick={() => onDone(cluster)} disabled={pending}>
          Continue
        </Button>
      </StepActions>
    </StepBody>
  );
}

function NewCluster({ onDone }: Props) {
  const queries = useQueryClient();
  const saved = async () => {
    const { clusters } = await queries.fetchQuery({ ...clustersQuery, staleTime: 0 });
    const cluster = clusters.find((each) => each.name === form.draft.name.trim());
    if (cluster !== undefined) onDone(cluster);
  };
  const form = useClusterForm(null, () => void saved());
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void form.submit();
      }}
    >
      <StepBody>
        <ClusterFields draft={form.draft} onChange={form.setDraft} saved={null} errors={form.fieldErrors} />
        {(form.testing.report !== undefined || form.testing.pending || form.testing.error !== null) && (
          <ConnectionTest
            report={form.testing.report}
            pending={form.testing.pending}
            error={form.testing.error}
            outdated={form.outdated}
            onTest={() => void form.test()}
          />
        )}
        {form.failed && (
          <Note tone="warn" title="The connection did not pass.">
            It can be saved as it is, and tested again under Clusters.
          </Note>
        )}
        {form.saveError !== null && <ErrorNote title="Not saved." error={form.saveError} />}
        <StepActions left={<SkipAll />}>
          <Button type="submit" variant="primary" loading={form.saving || form.testing.pending}>
            {form.failed ? "Save anyway and continue" : "Save and continue"}
          </Button>
        </StepActions>
      </StepBody>
    </form>
  );
}
