"use client";
import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, useState } from "react";
import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { Panel } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import type { Viewer } from "#core/access/contract.ts";
import type { ClusterView } from "#core/clusters/contract.ts";
import { sessionQuery } from "../queries.ts";
import { AdminStep } from "./admin-step.tsx";
import css from "./first-run.module.css";
import { Step, type StepState } from "./step.tsx";

// The first page shows step 1 alone; the forms of the others come while it is filled in.
const ClusterStep = lazy(() =>
  import("./cluster-step.tsx").then((module) => ({ default: module.ClusterStep })),
);
const ObjectiveStep = lazy(() =>
  import("./objective-step.tsx").then((module) => ({ default: module.ObjectiveStep })),
);
const TakeStep = lazy(() => import("./take-step.tsx").then((module) => ({ default: module.TakeStep })));

const stepCount = 4;

/** From nothing to a first verified snapshot. Whoever comes back signed in goes on at step 2. */
export function FirstRun({ brand, viewer: atStart }: { brand: ReactNode; viewer: Viewer | null }) {
  // The page knows who asks; asking again without a session would only put an error into the console.
  const session = useQuery({ ...sessionQuery, initialData: atStart });
  const [step, setStep] = useState(1);
  const [cluster, setCluster] = useState<ClusterView | null>(null);
  const viewer = session.data ?? null;
  const current = viewer === null ? 1 : Math.max(2, step);
  const stateOf = (number: number): StepState =>
    number < current ? "done" : number === current ? "on" : "wait";
  return (
    <div className={css.wrap}>
      <div className={css.head}>
        {brand}
        <span className="grow" />
        <span className="t3 fs12" role="status">
          First run, step {current} of {stepCount}
        </span>
      </div>
      <h1 className="sr-only">First run</h1>
      {session.error !== null && (
        <ErrorPanel
          title="Snapkeep does not answer"
          error={session.error}
          onRetry={() => void session.refetch()}
        />
      )}
      {session.isPending && (
        <Panel>
          <SkeletonList rows={4} height={56} />
        </Panel>
      )}
      {session.isSuccess && (
        <Panel>
          <ol className={css.list}>
            <Step number={1} state={stateOf(1)} title="Create the first admin" sub={viewer?.name ?? adminSub}>
              <AdminStep />
            </Step>
            <Step
              number={2}
              state={stateOf(2)}
              title="Connect a Consul cluster"
              sub={cluster?.name ?? clusterSub}
            >
              <ClusterStep
                onDone={(connected) => {
                  setCluster(connected);
                  setStep(3);
                }}
              />
            </Step>
            <Step number={3} state={stateOf(3)} title="Set the objective" sub={objectiveSub}>
              {cluster !== null && (
                <ObjectiveStep
                  cluster={cluster}
                  onBack={() => setStep(2)}
                  onDone={(changed) => {
                    setCluster(changed);
                    setStep(4);
                  }}
                />
              )}
            </Step>
            <Step number={4} state={stateOf(4)} title="Take the first snapshot" sub="And verify its hashes">
              {cluster !== null && <TakeStep cluster={cluster} onBack={() => setStep(3)} />}
            </Step>
          </ol>
        </Panel>
      )}
    </div>
  );
}

const adminSub = "A local account with the role administrator.";
const clusterSub = "Snapkeep reads and restores through the Consul HTTP API.";
const objectiveSub = "How old may the newest good snapshot be, for example 1 h";
