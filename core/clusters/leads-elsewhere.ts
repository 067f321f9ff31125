import { z } from "zod";

const list = z.array(z.string());

/**
 * Whether a cluster's addresses lead to another Consul than they did: not one of them is the same. One that was added, or
 * a dead one that was taken out, leaves it the same Consul.
 * @param thenJson the addresses as JSON, as they were kept with an act; null: of before they were kept.
 */
export function leadsElsewhere(thenJson: string | null, addresses: readonly string[]): boolean {
  if (thenJson === null) return false;
  const then = new Set(list.parse(JSON.parse(thenJson)));
  return !addresses.some((address) => then.has(address));
}
