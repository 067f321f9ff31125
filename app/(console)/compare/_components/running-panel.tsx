"use client";

import { IconCamera, IconGitCompare } from "@tabler/icons-react";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { type Phase, Phases, ProgressBar } from "#app/_ui/phases.tsx";
import { Ago } from "#app/_ui/time.tsx";
import type { Comparison } from "#core/comparisons/contract.ts";
import classes from "./compare.module.css";

/** What is being done, and how far. It goes on when the page is left. */
export function RunningPanel({ comparison }: { comparison: Comparison }) {
  return (
    <Panel>
      <PanelHeader title="Comparing" sub={<Ago at={comparison.startedAt} units={2} suffix=" so far" />} />
      <div className={classes.running}>
        <Phases phases={phasesOf(comparison)} />
        <p className="t3 fs12">
          Both archives are read once, from beginning to end. You can leave this page.
        </p>
        <span className="sr-only" role="status">
          {comparison.phase === "taking" ? "Taking a snapshot of the live cluster" : "Comparing"}
        </span>
      </div>
    </Panel>
  );
}

function phasesOf(comparison: Comparison): Phase[] {
  const taking = comparison.phase === "taking";
  const phases: Phase[] = [];
  if (comparison.b.snapshotId === null) {
    phases.push({
      key: "taking",
      what: `Taking ${comparison.b.datacenter ?? "the cluster"} as it is now`,
      state: taking ? "run" : "done",
      icon: IconCamera,
      ...(taking ? progressOf(comparison, "Taking") : {}),
    });
  }
  phases.push({
    key: "comparing",
    what: "Comparing records",
    state: taking ? "wait" : "run",
    icon: IconGitCompare,
    ...(taking ? {} : progressOf(comparison, "Comparing")),
  });
  return phases;
}

function progressOf(comparison: Comparison, label: string): Pick<Phase, "when" | "more"> {
  const percent = comparison.progress === null ? null : Math.floor(comparison.progress * 100);
  return {
    ...(percent === null ? {} : { when: <span className="tn">{percent}%</span> }),
    more: <ProgressBar percent={percent} label={label} />,
  };
}
