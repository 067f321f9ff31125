import { z } from "zod";
import { AppError, isAppError } from "#core/kernel/errors.ts";
import type { ConsulClient } from "./client.ts";

/** What Consul says about itself. Each reader takes the client and the datacenter and parses strictly. */

/** Another server than Consul, or another version, may answer JSON of another shape. */
function parseAs<Schema extends z.ZodType>(schema: Schema, json: unknown, path: string): z.output<Schema> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new AppError({
    code: "consul_error",
    userMessage: `This address did not answer like Consul: what ${path} gives has another shape.`,
    cause: parsed.error,
  });
}

const dcQuery = (datacenter: string) => `dc=${encodeURIComponent(datacenter)}`;

/** `/v1/status/leader`: the leader's raft address, null when there is none. */
export async function readLeader(
  client: ConsulClient,
  datacenter: string,
  address?: string,
): Promise<string | null> {
  const path = `/v1/status/leader?${dcQuery(datacenter)}`;
  const text = parseAs(z.string(), await client.getJson(path, { ...(address ? { address } : {}) }), path);
  return text === "" ? null : text;
}

/** `/v1/status/peers`: the raft addresses of the servers. */
export async function readPeers(
  client: ConsulClient,
  datacenter: string,
  address?: string,
): Promise<string[]> {
  const path = `/v1/status/peers?${dcQuery(datacenter)}`;
  return parseAs(z.array(z.string()), await client.getJson(path, { ...(address ? { address } : {}) }), path);
}

/** `/v1/catalog/datacenters`, nearest first. */
export async function readDatacenters(client: ConsulClient): Promise<string[]> {
  const path = "/v1/catalog/datacenters";
  return parseAs(z.array(z.string()), await client.getJson(path), path);
}

const selfSchema = z.object({
  Config: z.object({ Datacenter: z.string(), Version: z.string(), Server: z.boolean() }),
  Member: z.object({ Addr: z.string(), Tags: z.record(z.string(), z.string()).nullish() }).nullish(),
  Stats: z.object({ raft: z.record(z.string(), z.string()).nullish() }).nullish(),
});
export type AgentSelf = {
  datacenter: string;
  version: string;
  server: boolean;
  /** ip:port of raft, when the agent is a server. */
  serverAddress: string | null;
  /** The raft index that this server has applied. */
  appliedIndex: number | null;
};

/** `/v1/agent/self`; needs agent:read. */
export async function readAgentSelf(
  client: ConsulClient,
  options: { token?: string | undefined; address?: string } = {},
): Promise<AgentSelf> {
  const path = "/v1/agent/self";
  const { Config, Member, Stats } = parseAs(selfSchema, await client.getJson(path, options), path);
  const port = Member?.Tags?.port;
  const applied = Number(Stats?.raft?.applied_index ?? Number.NaN);
  return {
    datacenter: Config.Datacenter,
    version: Config.Version,
    server: Config.Server,
    serverAddress: Config.Server && Member && port ? `${Member.Addr}:${port}` : null,
    appliedIndex: Number.isSafeInteger(applied) ? applied : null,
  };
}

const healthSchema = z.object({
  Healthy: z.boolean(),
  Servers: z
    .array(
      z.object({
        ID: z.string(),
        Name: z.string(),
        Address: z.string(),
        Version: z.string(),
        Leader: z.boolean(),
        Healthy: z.boolean(),
        LastIndex: z.number().optional(),
        Voter: z.boolean().optional(),
      }),
    )
    .nullable()
    .transform((servers) => servers ?? []),
});
export type AutopilotHealth = z.output<typeof healthSchema>;

/** `/v1/operator/autopilot/health`; needs operator:read. Consul answers 429 when a server is unhealthy. */
export async function readAutopilot(
  client: ConsulClient,
  datacenter: string,
  token?: string,
): Promise<AutopilotHealth> {
  const path = `/v1/operator/autopilot/health?${dcQuery(datacenter)}`;
  return parseAs(healthSchema, await client.getJson(path, { token, acceptStatuses: [429] }), path);
}

const tokenSelfSchema = z.object({
  AccessorID: z.string(),
  Policies: z.array(z.object({ ID: z.string(), Name: z.string() })).nullish(),
});
/** `/v1/acl/token/self`: null when ACLs are off. */
export async function readTokenSelf(client: ConsulClient, token?: string, datacenter?: string) {
  try {
    const path = `/v1/acl/token/self${datacenter === undefined ? "" : `?${dcQuery(datacenter)}`}`;
    const self = parseAs(tokenSelfSchema, await client.getJson(path, { token }), path);
    return { accessorId: self.AccessorID, policies: self.Policies ?? [] };
  } catch (error) {
    if (isAppError(error) && /ACL support disabled/i.test(error.userMessage)) return null;
    throw error;
  }
}

/**
 * Whether a token may do something (`/v1/internal/acl/authorize`, which Consul's own pages ask).
 * @returns null where this Consul can't say.
 */
export async function readAuthorized(
  client: ConsulClient,
  wanted: { resource: string; access: string; token?: string | undefined },
): Promise<boolean | null> {
  const path = "/v1/internal/acl/authorize";
  const body = JSON.stringify([{ Resource: wanted.resource, Access: wanted.access }]);
  const { status, text } = await client.change(path, { method: "POST", body, token: wanted.token });
  if (status !== 200) return null;
  const answers = z.array(z.object({ Allow: z.boolean() })).safeParse(toJson(text));
  return answers.success ? (answers.data[0]?.Allow ?? null) : null;
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** The cluster's id, from the trust domain of its certificates; null where Connect is off. */
export async function readClusterId(client: ConsulClient, datacenter: string): Promise<string | null> {
  const path = `/v1/connect/ca/roots?${dcQuery(datacenter)}`;
  const roots = parseAs(z.object({ TrustDomain: z.string().nullish() }), await client.getJson(path), path);
  const [id = ""] = (roots.TrustDomain ?? "").split(".");
  return id === "" ? null : id;
}

export type HealthCheckState = { node: string; checkId: string; status: string };
const checksSchema = z.array(z.object({ Node: z.string(), CheckID: z.string(), Status: z.string() }));
/** `/v1/health/state/any`: every check of the datacenter that the token may see. */
export async function readChecks(
  client: ConsulClient,
  datacenter: string,
  token?: string,
): Promise<HealthCheckState[]> {
  const path = `/v1/health/state/any?${dcQuery(datacenter)}`;
  const checks = parseAs(checksSchema, await client.getJson(path, { token }), path);
  return checks.map(({ Node, CheckID, Status }) => ({ node: Node, checkId: CheckID, status: Status }));
}
