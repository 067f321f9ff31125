"use client";

import { Button } from "@mantine/core";
import { IconCamera, IconPlugConnected, IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { ReactNode } from "react";
import { useCan } from "#app/_client/use-viewer.ts";
import { CliStrip } from "#app/_ui/cli-strip.tsx";
import { Empty } from "#app/_ui/empty.tsx";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import type { DatacenterHealth } from "#core/clusters/contract.ts";
import { datacentersQuery } from "../../../_shell/queries.ts";
import { clustersQuery } from "../../../clusters/queries.ts";
import { consulCommand } from "../../_lib/commands.ts";
import { openTake } from "../../_lib/take-store.ts";
import { openUpload } from "../../_lib/upload-store.ts";
import { GuardedButton } from "../guarded-button.tsx";
import classes from "./empty-history.module.css";

/** What having no snapshot means, the one thing to do about it, and what it takes to be recoverable. */
export function EmptyHistory() {
  const { data } = useQuery(datacentersQuery);
  if (data === undefined) {
    return (
      <Panel aria-busy="true">
        <SkeletonList rows={6} height={42} />
      </Panel>
    );
  }
  const first = data.datacenters.find((one) => one.state === "ok") ?? data.datacenters[0];
  if (!first) return <NoCluster />;
  return (
    <>
      <Panel>
        <Empty
          title={
            data.datacenters.length === 1 ? `No snapshot of ${first.datacenter} yet` : "No snapshots yet"
          }
          actions={<Actions />}
          command={<Command one={first} />}
        >
          {meaning(data.datacenters)}
        </Empty>
      </Panel>
      <Checklist one={first} />
    </>
  );
}

function meaning(all: readonly DatacenterHealth[]): string {
  const [only, second] = all;
  const who = only && !second ? only.datacenter : `none of your ${all.length} datacenters`;
  const verb = second ? "can be recovered" : "cannot be recovered";
  return `Until there is one, ${who} ${verb}. Taking one changes nothing in Consul.`;
}

function Actions() {
  return (
    <>
      <GuardedButton
        permission="snapshot.take"
        variant="primary"
        leftSection={<IconCamera aria-hidden />}
        onClick={() => openTake()}
      >
        Take first snapshot
      </GuardedButton>
      <GuardedButton
        permission="snapshot.upload"
        leftSection={<IconUpload aria-hidden />}
        onClick={openUpload}
      >
        Upload an archive
      </GuardedButton>
    </>
  );
}

function Command({ one }: { one: DatacenterHealth }) {
  const { data } = useQuery(clustersQuery);
  const cluster = data?.clusters.find((candidate) => candidate.id === one.clusterId);
  const command = consulCommand({
    address: cluster?.addresses[0] ?? null,
    datacenter: one.datacenter,
    stale: false,
    ownCa: cluster !== undefined && cluster.caPem !== "",
  });
  return <CliStrip command={command} />;
}

/** Only what Snapkeep can see for itself; schedules and restore drills join when they exist. */
function Checklist({ one }: { one: DatacenterHealth }) {
  const connected = one.state === "ok";
  return (
    <Panel aria-label="To reach a recoverable state">
      <PanelHeader
        title="To reach a recoverable state"
        actions={<span className="t3 fs12">{connected ? 1 : 0} of 2 done</span>}
      />
      <ul>
        <Step done={connected} title="Cluster connected" why={connectionWords(one)}>
          {!connected && (
            <Link className="link fs12" href="/clusters">
              Check
            </Link>
          )}
        </Step>
        <Step done={false} title="First verified snapshot" why="proves the token can read everything">
          <TakeLink one={one} />
        </Step>
      </ul>
    </Panel>
  );
}

function TakeLink({ one }: { one: DatacenterHealth }) {
  const can = useCan("snapshot.take", one);
  if (!can.allowed) return <span className="t3 fs12">{can.reason}</span>;
  return (
    <button type="button" className={`link fs12 ${classes.plain}`} onClick={() => openTake()}>
      Take
    </button>
  );
}

function connectionWords(one: DatacenterHealth): string {
  if (one.state !== "ok") return one.problem ?? `${one.clusterName} does not answer`;
  const servers =
    one.serversTotal === null ? "" : `, ${one.serversHealthy ?? "?"} of ${one.serversTotal} servers healthy`;
  return `${one.clusterName}, leader ${one.leader ?? "known"}${servers}`;
}

function Step({
  done,
  title,
  why,
  children,
}: {
  done: boolean;
  title: string;
  why: string;
  children?: ReactNode;
}) {
  return (
    <li className={classes.step}>
      <StateText state={done ? "done" : "todo"} />
      <div className={classes.words}>
        <span className="med">{title}</span> <span className="t3 fs12">{why}</span>
      </div>
      {children}
    </li>
  );
}

function NoCluster() {
  return (
    <Panel>
      <Empty
        title="No Consul cluster is connected"
        actions={
          <Button
            component={Link}
            href="/clusters"
            variant="primary"
            leftSection={<IconPlugConnected aria-hidden />}
          >
            Connect a cluster
          </Button>
        }
      >
        Snapkeep needs the address of a Consul server, and with ACLs on, a management token. Archives can be
        uploaded without one.
      </Empty>
    </Panel>
  );
}
