"use client";

import { Facts } from "#app/_ui/facts.tsx";
import { unknownText } from "#app/_ui/format.ts";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import { headerValue } from "../../_lib/headers.ts";
import classes from "./take.module.css";

const shown = ["X-Consul-Index", "X-Consul-KnownLeader", "X-Consul-LastContact"];

/** What Consul said about its answer, as soon as it says it. */
export function LiveHeaders({ row }: { row: SnapshotDetail }) {
  if (row.responseHeaders.length === 0) return null;
  const facts = shown.map((name) => {
    const found = row.responseHeaders.find(([candidate]) => candidate.toLowerCase() === name.toLowerCase());
    return {
      key: name,
      label: <span className="mono">{found?.[0] ?? name}</span>,
      value: <span className="tn">{found ? headerValue(found[0], found[1]) : unknownText}</span>,
    };
  });
  const leader = {
    key: "Leader",
    label: "Leader",
    value: <span className="mono nowrap">{row.leader ?? unknownText}</span>,
  };
  return (
    <div className={classes.headers}>
      <Facts columns={2} facts={[...facts, leader]} />
    </div>
  );
}
