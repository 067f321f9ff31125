import { createHash } from "node:crypto";

/**
 * Names the Consul that addresses lead to, so that an act can be told from one on another Consul later.
 * @returns hex; the order of the addresses doesn't matter.
 */
export function addressesSha256(addresses: readonly string[]): string {
  return createHash("sha256")
    .update(JSON.stringify([...addresses].sort()))
    .digest("hex");
}
