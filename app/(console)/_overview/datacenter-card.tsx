"use client";

import { Button } from "@mantine/core";
import Link from "next/link";
import { stripSummary } from "#app/_ui/day-outcome.ts";
import { DayStrip } from "#app/_ui/day-strip.tsx";
import { formatBytes, formatNumber, formatObjective } from "#app/_ui/format.ts";
import { Panel } from "#app/_ui/panel.tsx";
import { StateBadge } from "#app/_ui/state-badge.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import { Ago } from "#app/_ui/time.tsx";
import { Age } from "../snapshots/_components/age.tsx";
import { ageWords } from "../snapshots/_lib/age-words.ts";
import { historyHref, Leader, Servers, TakeButton } from "./datacenter-facts.tsx";
import type { DatacenterView } from "./model.ts";
import { LeftWords, ObjectiveBar } from "./objective.tsx";
import classes from "./overview.module.css";
import { Spark } from "./spark.tsx";

/** All that matters of one datacenter, with how far it is from its objective in the middle. */
export function DatacenterCard({ view }: { view: DatacenterView }) {
  return (
    <Panel className={classes.card} aria-label={`Datacenter ${view.name}`}>
      <Head view={view} />
      <Quick view={view} />
      <LastGood view={view} />
      {view.days.length > 0 && (
        <div className={classes.section}>
          <div className={`row between ${classes.stripHead}`}>
            <span className="t2">{view.days.length} days</span>
            <span className="t3 fs12 tn">{stripSummary(view.days)}</span>
          </div>
          <DayStrip days={view.days} label={`${view.name}, last ${view.days.length} days`} ends />
        </div>
      )}
      <Lines view={view} />
      <div className={classes.cardFoot}>
        <TakeButton view={view} />
        <span className="grow" />
        <Button size="xs" variant="ghost" component={Link} href={historyHref(view)}>
          History
        </Button>
      </div>
    </Panel>
  );
}

function Head({ view }: { view: DatacenterView }) {
  const { clusterName, consulVersion } = view.health;
  return (
    <div className={classes.cardHead}>
      <div className="grow">
        <h3>
          <Link href={historyHref(view)}>{view.name}</Link>{" "}
          <span className={classes.cluster}>{clusterName}</span>
        </h3>
        <div className={`t3 fs12 ${classes.version}`}>
          {[clusterName, consulVersion && `Consul ${consulVersion}`].filter(Boolean).join(" · ")}
        </div>
      </div>
      <StateBadge state={view.recoverable ? "recoverable" : "atRisk"} />
    </div>
  );
}

function Quick({ view }: { view: DatacenterView }) {
  return (
    <dl className={classes.quick}>
      <div>
        <dt>Leader</dt>
        <dd>
          <Leader view={view} />
        </dd>
      </div>
      <div>
        <dt>Servers</dt>
        <dd>
          <Servers view={view} />
        </dd>
      </div>
      <div>
        <dt>Raft index</dt>
        <dd className="tn">{formatNumber(view.health.raftIndex)}</dd>
      </div>
    </dl>
  );
}

function LastGood({ view }: { view: DatacenterView }) {
  const objective = formatObjective(view.health.objectiveMinutes);
  return (
    <div className={classes.section}>
      <div className={`row between ${classes.sectionHead}`}>
        <span className="t2">Last good snapshot</span>
        <LeftWords view={view} />
      </div>
      <div className={classes.age}>
        <b>{view.ageMs === null ? "None" : ageWords(view.ageMs)}</b>
        <span>{view.ageMs === null ? `yet, objective ${objective}` : `of ${objective} objective`}</span>
        <span className={classes.leftSmall}>
          <LeftWords view={view} />
        </span>
      </div>
      <ObjectiveBar view={view} />
    </div>
  );
}

function Lines({ view }: { view: DatacenterView }) {
  const { lastGood, lastAttempt } = view;
  return (
    <dl className={classes.lines}>
      <dt>Last verified</dt>
      <dd className="tn">
        {lastGood === null ? (
          <span className="t3">never</span>
        ) : (
          <>
            <Age at={lastGood.verifiedAt ?? lastGood.takenAt} suffix=" ago" />, all hashes match
          </>
        )}
      </dd>
      <dt>Last attempt</dt>
      <dd>
        {lastAttempt === null ? (
          <span className="t3">none</span>
        ) : (
          <Link href={`/snapshots/${lastAttempt.id}`}>
            <StateText state={lastAttempt.state} detail={<Ago at={lastAttempt.takenAt} suffix=" ago" />} />
          </Link>
        )}
      </dd>
      <dt>Size</dt>
      <dd className={classes.size}>
        <Spark sizes={view.sizes} />
        <span className="tn">{formatBytes(lastGood?.archiveBytes)}</span>
      </dd>
    </dl>
  );
}
