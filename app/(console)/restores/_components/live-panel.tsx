"use client";

import { useQuery } from "@tanstack/react-query";
import { Facts } from "#app/_ui/facts.tsx";
import { formatNumber, unknownText } from "#app/_ui/format.ts";
import { Panel, PanelFooter, PanelHeader } from "#app/_ui/panel.tsx";
import { Utc } from "#app/_ui/time.tsx";
import type { RestoreDetail } from "#core/restore/contract.ts";
import { datacentersQuery } from "../../_shell/queries.ts";
import { LeaderText } from "../../snapshots/_components/leader-text.tsx";
import classes from "./restores.module.css";

/** The target as it is now, whatever the restore's own row says. */
export function LivePanel({ row }: { row: RestoreDetail }) {
  const { data } = useQuery(datacentersQuery);
  const health = data?.datacenters.find(
    (one) => one.clusterId === row.clusterId && one.datacenter === row.datacenter,
  );
  if (!health) return null;
  const servers =
    health.serversTotal === null
      ? unknownText
      : `${health.serversHealthy ?? "?"}/${health.serversTotal} healthy`;
  return (
    <Panel>
      <PanelHeader
        title={`${row.datacenter} now`}
        actions={
          health.checkedAt !== null && (
            <span className="t3 fs12">
              read <Utc at={health.checkedAt} />
            </span>
          )
        }
      />
      <Facts
        className={classes.facts}
        facts={[
          {
            label: "Leader",
            value:
              health.state === "ok" ? (
                <span className="mono">{health.leader}</span>
              ) : (
                <LeaderText one={health} />
              ),
          },
          { label: "Servers", value: <span className="tn">{servers}</span> },
          { label: "Raft index", value: <span className="tn">{formatNumber(health.raftIndex)}</span> },
        ]}
      />
      <PanelFooter>The index moves forward through a restore, never back.</PanelFooter>
    </Panel>
  );
}
