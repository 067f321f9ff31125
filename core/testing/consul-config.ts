import type { ConsulCertificates } from "./consul-tls.ts";

export interface ConsulPorts {
  http: number;
  https: number;
  server: number;
  serfLan: number;
  serfWan: number;
}

export interface ConsulTlsOptions {
  certificates: ConsulCertificates;
  /** The HTTPS listener asks for a client certificate of the same CA. */
  verifyIncoming?: boolean;
}

export interface AgentConfigInput {
  consulVersion: string;
  name: string;
  datacenter: string;
  primaryDatacenter?: string;
  /** "server" keeps its state on disk, "dev" in memory (quicker, and a restart forgets all). */
  mode: "server" | "dev" | "client";
  bootstrapExpect: number;
  ports: ConsulPorts;
  dataFolder: string;
  joinLan: string[];
  joinWan: string[];
  acl: { defaultPolicy: "allow" | "deny"; managementToken: string | null } | null;
  tls: ConsulTlsOptions | null;
  /** Goes over everything else, key by key at the top level, and in that of autopilot. */
  extra?: Record<string, unknown> & { autopilot?: Record<string, unknown> };
}

/** The agent's configuration file, in the words of the version that will read it. */
export function toAgentConfig(input: AgentConfigInput): Record<string, unknown> {
  const isServer = input.mode !== "client";
  const { autopilot, ...extra } = input.extra ?? {};
  return {
    node_name: input.name,
    datacenter: input.datacenter,
    ...(input.primaryDatacenter === undefined ? {} : { primary_datacenter: input.primaryDatacenter }),
    ...(input.mode === "dev" ? {} : { data_dir: input.dataFolder, server: isServer }),
    ...(input.mode === "server" ? { bootstrap_expect: input.bootstrapExpect } : {}),
    bind_addr: "127.0.0.1",
    client_addr: "127.0.0.1",
    ports: toPorts(input),
    performance: { raft_multiplier: 1 },
    retry_join: input.joinLan,
    retry_interval: "1s",
    ...(isServer ? { retry_join_wan: input.joinWan, retry_interval_wan: "1s" } : {}),
    ...(isServer ? { connect: { enabled: true } } : {}),
    disable_update_check: true,
    leave_on_terminate: false,
    ...(input.acl === null ? {} : { acl: toAcl(input, input.acl) }),
    ...(input.tls === null ? {} : toTls(input.consulVersion, input.tls)),
    // Of the 200 ms that it has by itself, a busy machine makes servers that are healthy and then are not.
    ...(isServer ? { autopilot: { last_contact_threshold: "10s", ...autopilot } } : {}),
    ...extra,
  };
}

function toPorts({ ports, consulVersion, tls }: AgentConfigInput): Record<string, number> {
  return {
    http: ports.http,
    https: tls === null ? -1 : ports.https,
    server: ports.server,
    serf_lan: ports.serfLan,
    serf_wan: ports.serfWan,
    grpc: -1,
    dns: -1,
    // From 1.14 a server opens this one by itself, and older ones don't know the word.
    ...(isAtLeast(consulVersion, 1, 14) ? { grpc_tls: -1 } : {}),
  };
}

function toAcl(input: AgentConfigInput, acl: NonNullable<AgentConfigInput["acl"]>): Record<string, unknown> {
  const token = acl.managementToken;
  const isSecondary = input.primaryDatacenter !== undefined && input.primaryDatacenter !== input.datacenter;
  const managementWord = isAtLeast(input.consulVersion, 1, 11) ? "initial_management" : "master";
  return {
    enabled: true,
    default_policy: acl.defaultPolicy,
    ...(isSecondary ? { enable_token_replication: true } : {}),
    tokens:
      token === null
        ? {}
        : { [managementWord]: token, agent: token, ...(isSecondary ? { replication: token } : {}) },
  };
}

function toTls(consulVersion: string, tls: ConsulTlsOptions): Record<string, unknown> {
  const { ca, server } = tls.certificates;
  const files = { ca_file: ca.certPath, cert_file: server.certPath, key_file: server.keyPath };
  const verifyIncoming = tls.verifyIncoming ?? false;
  return isAtLeast(consulVersion, 1, 12)
    ? { tls: { defaults: files, https: { verify_incoming: verifyIncoming } } }
    : { ...files, verify_incoming_https: verifyIncoming };
}

export function isAtLeast(version: string, major: number, minor: number): boolean {
  const [actualMajor = 0, actualMinor = 0] = version.split(".").map(Number);
  return actualMajor > major || (actualMajor === major && actualMinor >= minor);
}
