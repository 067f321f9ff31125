"use client";
import { useQuery } from "@tanstack/react-query";
import { datacentersQuery } from "../../_shell/queries.ts";
import { clustersQuery } from "../../clusters/queries.ts";

export type ClusterPlaces = { id: string; name: string; datacenters: readonly string[] };

/** The clusters that one may see, each with its datacenters; for naming places and for choosing one. */
export function usePlaces(): readonly ClusterPlaces[] {
  const clusters = useQuery(clustersQuery);
  const { data } = useQuery(datacentersQuery);
  return (clusters.data?.clusters ?? []).map(({ id, name }) => ({
    id,
    name,
    datacenters: (data?.datacenters ?? [])
      .filter((each) => each.clusterId === id)
      .map((each) => each.datacenter),
  }));
}
