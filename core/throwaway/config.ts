import { randomUUID } from "node:crypto";
import { isAtLeast } from "./binary.ts";
import type { ThrowawayPorts } from "./ports.ts";

export type ConfigInput = {
  readonly version: string;
  readonly datacenter: string;
  readonly folder: string;
  readonly ports: ThrowawayPorts;
  /** The management token of this Consul alone; null: no ACLs. */
  readonly token: string | null;
};

/**
 * The configuration of a server that nobody but us knows of: loopback only, nobody to join, no WAN. Connect and
 * peering are off, since a restored CA provider (Vault, say) or peer would else be contacted in the name of the
 * cluster that the archive is from.
 */
export function toThrowawayConfig(input: ConfigInput): Record<string, unknown> {
  const { version, datacenter, folder, ports } = input;
  return {
    // Neither may be one of the archive's: Consul refuses a second node of the same name or id.
    node_name: `snapkeep-drill-${randomUUID()}`,
    node_id: randomUUID(),
    datacenter,
    data_dir: `${folder}/data`,
    server: true,
    bootstrap_expect: 1,
    bind_addr: "127.0.0.1",
    client_addr: "127.0.0.1",
    ports: toPorts(version, ports),
    performance: { raft_multiplier: 1 },
    retry_join: [],
    retry_join_wan: [],
    connect: { enabled: false },
    ...(isAtLeast(version, 1, 13) ? { peering: { enabled: false } } : {}),
    disable_update_check: true,
    disable_remote_exec: true,
    enable_script_checks: false,
    leave_on_terminate: false,
    ...(input.token === null ? {} : { acl: toAcl(version, input.token) }),
  };
}

function toPorts(version: string, ports: ThrowawayPorts): Record<string, number> {
  return {
    http: ports.http,
    server: ports.server,
    serf_lan: ports.serfLan,
    https: -1,
    serf_wan: -1,
    grpc: -1,
    dns: -1,
    // From 1.14 a server opens this one by itself, and older ones don't know the word.
    ...(isAtLeast(version, 1, 14) ? { grpc_tls: -1 } : {}),
  };
}

/** The leader makes this token anew after a restore, since it isn't in the archive. */
function toAcl(version: string, token: string): Record<string, unknown> {
  const managementWord = isAtLeast(version, 1, 11) ? "initial_management" : "master";
  return { enabled: true, default_policy: "deny", tokens: { [managementWord]: token, agent: token } };
}
