"use client";

import { useQuery } from "@tanstack/react-query";
import { CliTabs } from "#app/_ui/cli-strip.tsx";
import { clustersQuery } from "../../../clusters/queries.ts";
import { consulCommand, curlCommand } from "../../_lib/commands.ts";
import type { DatacenterChoice } from "../datacenter-select.tsx";

/** The same take by Consul's own tools, against the address that Snapkeep would ask first. */
export function TakeCommands({ target, stale }: { target: DatacenterChoice; stale: boolean }) {
  const { data } = useQuery(clustersQuery);
  const cluster = data?.clusters.find((one) => one.id === target.clusterId);
  const input = {
    address: cluster?.addresses[0] ?? null,
    datacenter: target.datacenter,
    stale,
    ownCa: cluster !== undefined && cluster.caPem !== "",
  };
  const commands = [
    { name: "consul", command: consulCommand(input) },
    { name: "curl", command: curlCommand(input) },
  ];
  return <CliTabs commands={commands} />;
}
