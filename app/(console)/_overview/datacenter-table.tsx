"use client";

import { Button } from "@mantine/core";
import Link from "next/link";
import table from "#app/_ui/data-table.module.css";
import { DayStrip } from "#app/_ui/day-strip.tsx";
import { formatBytes, formatNumber, formatObjective, unknownText } from "#app/_ui/format.ts";
import { Panel } from "#app/_ui/panel.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import { ageWords } from "../snapshots/_lib/age-words.ts";
import { historyHref, Leader, Servers, TakeButton } from "./datacenter-facts.tsx";
import type { DatacenterView } from "./model.ts";
import { LeftWords, ObjectiveBar } from "./objective.tsx";
import classes from "./overview.module.css";

/** The same facts as the cards, for more datacenters than cards can show at once. */
export function DatacenterTable({ views }: { views: readonly DatacenterView[] }) {
  return (
    <Panel className={classes.tablePanel} aria-label="Datacenters">
      <div className={table.scroll}>
        <table className={table.table} aria-label="Datacenters">
          <thead>
            <tr>
              <th>Datacenter</th>
              <th>State</th>
              <th>Leader</th>
              <th>Servers</th>
              <th className={table.num}>Raft index</th>
              <th>Last good snapshot</th>
              <th className={classes.stripCell}>30 days</th>
              <th className={table.num}>Size</th>
              <th>
                <span className="sr-only">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {views.map((view) => (
              <Row key={view.key} view={view} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function Row({ view }: { view: DatacenterView }) {
  return (
    <tr className={`${table.row} ${classes.tableRow}`}>
      <td>
        <Link href={historyHref(view)}>
          <b className="med">{view.name}</b>
        </Link>
        <span className="t3"> · {view.health.clusterName}</span>
      </td>
      <td>
        <StateText state={view.recoverable ? "recoverable" : "atRisk"} />
      </td>
      <td>
        <Leader view={view} />
      </td>
      <td>
        <Servers view={view} />
      </td>
      <td className={table.num}>{formatNumber(view.health.raftIndex)}</td>
      <td>
        <div className="row between">
          <span className="tn">
            {view.ageMs === null ? unknownText : ageWords(view.ageMs)}{" "}
            <span className="t3">of {formatObjective(view.health.objectiveMinutes)}</span>
          </span>
          <LeftWords view={view} />
        </div>
        <ObjectiveBar view={view} />
      </td>
      <td className={classes.stripCell}>
        {view.days.length > 0 && (
          <DayStrip days={view.days} label={`${view.name}, last ${view.days.length} days`} />
        )}
      </td>
      <td className={table.num}>{formatBytes(view.lastGood?.archiveBytes)}</td>
      <td className={table.num}>
        <span className={classes.tableActs}>
          <TakeButton view={view} />
          <Button size="xs" variant="ghost" component={Link} href={historyHref(view)}>
            History
          </Button>
        </span>
      </td>
    </tr>
  );
}
