import { queryOptions } from "@tanstack/react-query";
import { getJson } from "#app/_client/api.ts";
import { clusterKeys } from "#app/_client/keys.ts";
import type { clusterList } from "#core/clusters/contract.ts";

type ClusterList = ReturnType<(typeof clusterList)["parse"]>;

export const clustersQuery = queryOptions({
  queryKey: clusterKeys.list,
  queryFn: ({ signal }) => getJson<ClusterList>("/api/v1/clusters", { signal }),
});
