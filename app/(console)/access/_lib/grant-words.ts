import type { Place } from "#core/kernel/permission.ts";
import type { ClusterPlaces } from "./use-places.ts";

/** `all clusters`, `all of prod-us`, `dc1 in prod-us`. A cluster that is gone, or not to be seen, shows its id. */
export function placeWords(place: Place, clusters: readonly ClusterPlaces[]): string {
  if (place.clusterId === null) return "all clusters";
  const name = clusters.find((cluster) => cluster.id === place.clusterId)?.name ?? place.clusterId;
  return place.datacenter === null ? `all of ${name}` : `${place.datacenter} in ${name}`;
}

const separator = "/";

/** A place as the value of a choice: empty, a cluster's id, or `id/datacenter`. */
export function placeKey(place: Place): string {
  if (place.clusterId === null) return "";
  return place.datacenter === null ? place.clusterId : place.clusterId + separator + place.datacenter;
}

export function placeOfKey(key: string): Place {
  if (key === "") return { clusterId: null, datacenter: null };
  const at = key.indexOf(separator);
  if (at === -1) return { clusterId: key, datacenter: null };
  return { clusterId: key.slice(0, at), datacenter: key.slice(at + 1) };
}
