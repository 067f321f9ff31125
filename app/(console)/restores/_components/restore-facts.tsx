"use client";

import { type Fact, Facts } from "#app/_ui/facts.tsx";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { Utc } from "#app/_ui/time.tsx";
import type { RestoreDetail } from "#core/restore/contract.ts";
import { acceptedWords } from "../_lib/preflight-words.ts";
import { preflightHref } from "./approval-panel.tsx";
import { correlationFact, IdLink } from "./id-facts.tsx";
import classes from "./restores.module.css";

/** Who, why and from what; with the id that the audit log knows it by. */
export function RestoreFacts({ row }: { row: RestoreDetail }) {
  const facts: Fact[] = [
    { label: "Snapshot", value: <IdLink href={`/snapshots/${row.snapshotId}`} id={row.snapshotId} /> },
    { label: "Taken", value: <Utc at={row.snapshotTakenAt} as="title" /> },
    { label: "Target", value: `${row.datacenter} in ${row.clusterName}` },
    { label: "Started", value: <Utc at={row.startedAt} as="title" /> },
    { label: "By", value: row.byName },
    { label: "Reason", value: row.reason },
    { label: "Accepted", value: acceptedWords(row.accepted) },
    ...linkFacts(row),
    correlationFact(row.correlationId),
  ];
  return (
    <Panel>
      <PanelHeader title="Request" />
      <Facts className={classes.facts} facts={facts} />
    </Panel>
  );
}

function linkFacts(row: RestoreDetail): Fact[] {
  const facts: Fact[] = [];
  if (row.preflightId !== null) {
    const href = preflightHref(row.snapshotId, row.preflightId);
    facts.push({ label: "Preflight", value: <IdLink href={href} id={row.preflightId} /> });
  }
  if (row.returnOf !== null) {
    facts.push({
      label: "Takes back",
      value: <IdLink href={`/restores/${row.returnOf}`} id={row.returnOf} />,
    });
  }
  for (const id of row.returnedBy) {
    facts.push({ label: "Taken back by", key: id, value: <IdLink href={`/restores/${id}`} id={id} /> });
  }
  return facts;
}
