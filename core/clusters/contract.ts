import { z } from "zod";

/** Addresses are what CONSUL_HTTP_ADDR takes: host:port, http://, https:// or unix:///path. */
export const consulAddressSchema = z
  .string()
  .trim()
  .min(1, "An address is needed, like https://consul.example.com:8501")
  .max(300)
  .regex(
    /^(?:(?:https?|unix):\/\/)?[^\s]+$/,
    "An address like 10.0.3.11:8500 or https://consul.example.com:8501",
  );

const pem = z.string().max(64 * 1024, "A certificate file has at most 64 KB");

export const restoreApprovals = ["none", "second-person"] as const;

export const clusterInput = z.object({
  name: z
    .string()
    .trim()
    .min(1, "A name is needed")
    .max(60, "At most 60 characters")
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "Letters, digits, dot, dash and underscore"),
  /** Tried in this order. */
  addresses: z.array(consulAddressSchema).min(1, "An address is needed").max(20),
  /** Write-only. undefined keeps the stored one, an empty text removes it. */
  token: z.string().trim().max(4096).optional(),
  caPem: pem.optional(),
  clientCertPem: pem.optional(),
  /** Write-only, like the token. */
  clientKeyPem: pem.optional(),
  tlsServerName: z.string().trim().max(253).default(""),
  tlsVerify: z.boolean().default(true),
  /** How old the newest good snapshot may be. */
  objectiveMinutes: z
    .number()
    .int()
    .min(5)
    .max(60 * 24 * 366)
    .default(60 * 24),
  /** Whether a restore into this cluster waits for somebody else's yes. undefined keeps what it is; `none` at first. */
  restoreApproval: z.enum(restoreApprovals).optional(),
});
export type ClusterInput = z.input<typeof clusterInput>;

/** What the browser may see of a cluster: no token and no key, only whether there is one. */
export const clusterView = z.object({
  id: z.string(),
  name: z.string(),
  /** environment: from CONSUL_HTTP_* at start; it can't be edited on the page. */
  source: z.enum(["environment", "console"]),
  addresses: z.array(z.string()),
  hasToken: z.boolean(),
  hasClientKey: z.boolean(),
  caPem: z.string(),
  /** ISO time at which the CA certificate ends, when there is one that can be read. */
  caValidUntil: z.string().nullable(),
  clientCertPem: z.string(),
  tlsServerName: z.string(),
  tlsVerify: z.boolean(),
  objectiveMinutes: z.number(),
  restoreApproval: z.enum(restoreApprovals),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type ClusterView = z.infer<typeof clusterView>;

/** One line of a connection test; pass, warning or block, as in a preflight. */
export const connectionCheck = z.object({
  name: z.enum(["reached", "leader", "servers", "datacenters", "token"]),
  result: z.enum(["pass", "warning", "block"]),
  title: z.string(),
  detail: z.string(),
});
export const connectionReport = z.object({
  checks: z.array(connectionCheck),
  durationMs: z.number(),
  consulVersion: z.string().nullable(),
  datacenters: z.array(z.string()),
  ok: z.boolean(),
});
export type ConnectionCheck = z.infer<typeof connectionCheck>;
export type ConnectionReport = z.infer<typeof connectionReport>;

/** The connection as it stands in the form, saved or not; `id` fills in the stored secrets. */
export const testConnectionInput = clusterInput.extend({ id: z.string().optional() });
export type TestConnectionInput = z.input<typeof testConnectionInput>;

/** A datacenter of a cluster as Snapkeep last saw it. */
export const datacenterHealth = z.object({
  clusterId: z.string(),
  clusterName: z.string(),
  datacenter: z.string(),
  /** ok: a leader answers. no_leader: Consul said so. unreachable: nothing answers. unknown: not asked yet. */
  state: z.enum(["ok", "no_leader", "unreachable", "unknown"]),
  leader: z.string().nullable(),
  /** Consul's words, or the connection's, when it isn't ok. */
  problem: z.string().nullable(),
  serversTotal: z.number().nullable(),
  serversHealthy: z.number().nullable(),
  consulVersion: z.string().nullable(),
  raftIndex: z.number().nullable(),
  checkedAt: z.string().nullable(),
  /** Since when the state is what it is. */
  since: z.string().nullable(),
  objectiveMinutes: z.number(),
});
export type DatacenterHealth = z.infer<typeof datacenterHealth>;

/** What each server of a datacenter still answers when there is no leader (mock 09d). */
export const serverAnswer = z.object({
  /** The HTTP address that was asked; null when a raft peer has no HTTP address that we know. */
  httpAddress: z.string().nullable(),
  /** The raft address, as `status/peers` names it. */
  serverAddress: z.string().nullable(),
  answers: z.boolean(),
  /** "yes", "timed out", "refused" or Consul's words. */
  answerText: z.string(),
  index: z.number().nullable(),
  knownLeader: z.boolean().nullable(),
  lastContactMs: z.number().nullable(),
});
export const serverAnswers = z.object({ servers: z.array(serverAnswer), askedAt: z.string() });
export type ServerAnswer = z.infer<typeof serverAnswer>;
export type ServerAnswers = z.infer<typeof serverAnswers>;

export const clusterRef = z.object({ id: z.string() });
export const datacenterRef = z.object({ clusterId: z.string(), datacenter: z.string().min(1).max(200) });
export const clusterList = z.object({ clusters: z.array(clusterView) });
export const datacenterList = z.object({
  datacenters: z.array(datacenterHealth),
  checkedAt: z.string().nullable(),
});

export const clusterKeys = {
  list: ["clusters"] as const,
  datacenters: ["datacenters"] as const,
  servers: (clusterId: string, datacenter: string) =>
    ["datacenters", clusterId, datacenter, "servers"] as const,
};
