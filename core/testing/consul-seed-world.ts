import { isAtLeast } from "./consul-config.ts";
import { type ConsulTarget, callConsul } from "./consul-http.ts";
import { type SeedKey, seedKeys } from "./consul-seed.ts";

export interface SeedWorldOptions {
  client: ConsulTarget;
  keys?: number;
  nodes?: number;
  servicesPerNode?: number;
  sessions?: number;
  /** Needs a target with a management token; false unless told. */
  acl?: boolean;
  tokens?: number;
}

export interface SeededWorld {
  keys: SeedKey[];
  nodes: string[];
  /** `<node>/<service id>` */
  services: string[];
  sessions: { id: string; name: string; lockedKey: string }[];
  policies: { id: string; name: string }[];
  roles: { id: string; name: string }[];
  tokens: { accessorId: string; secretId: string; description: string }[];
  preparedQueries: { id: string; name: string }[];
  /** `<kind>/<name>` */
  configEntries: string[];
  intentions: string[];
}

/** A little of everything that a snapshot can hold in this version of Consul, the same at each call. */
export async function seedWorld(options: SeedWorldOptions): Promise<SeededWorld> {
  const { client } = options;
  const keys = await seedKeys({ client, count: options.keys ?? 200 });
  const { nodes, services } = await seedCatalog(client, options.nodes ?? 3, options.servicesPerNode ?? 3);
  const sessions = await seedSessions(client, nodes, options.sessions ?? 2);
  const configEntries = await seedConfigEntries(client);
  const intentions = await seedIntentions(client);
  const preparedQueries = await seedPreparedQueries(client);
  const acl =
    options.acl === true
      ? await seedAcl(client, options.tokens ?? 3)
      : { policies: [], roles: [], tokens: [] };
  return { keys, nodes, services, sessions, configEntries, intentions, preparedQueries, ...acl };
}

const serviceNames = ["web", "api", "payments", "redis", "search"];

/** External nodes: the catalog alone knows them, so no agent's anti-entropy takes them away again. */
export async function seedCatalog(
  client: ConsulTarget,
  nodeCount: number,
  servicesPerNode: number,
): Promise<{ nodes: string[]; services: string[] }> {
  const nodes: string[] = [];
  const services: string[] = [];
  for (let number = 1; number <= nodeCount; number++) {
    const node = `ext-node-${number}`;
    const address = `10.20.${Math.floor(number / 250)}.${(number % 250) + 1}`;
    const meta = { "external-node": "true", rack: `r${number % 4}` };
    await callConsul(client, "PUT", "/v1/catalog/register", {
      Node: node,
      Address: address,
      NodeMeta: meta,
      Check: { Node: node, CheckID: "host-alive", Name: "Host alive", Status: "passing", Output: "ping ok" },
    });
    nodes.push(node);
    for (let index = 0; index < servicesPerNode; index++) {
      const name = serviceNames[index % serviceNames.length] ?? "web";
      const id = `${name}-${number}-${index + 1}`;
      await registerService(client, {
        node,
        address,
        id,
        name,
        port: 8_000 + index,
        isCritical: index % 3 === 2,
      });
      services.push(`${node}/${id}`);
    }
  }
  return { nodes, services };
}

interface SeedService {
  node: string;
  address: string;
  id: string;
  name: string;
  port: number;
  isCritical: boolean;
}

async function registerService(client: ConsulTarget, service: SeedService): Promise<void> {
  const { node, address, id, name } = service;
  await callConsul(client, "PUT", "/v1/catalog/register", {
    Node: node,
    Address: address,
    SkipNodeUpdate: true,
    Service: {
      ID: id,
      Service: name,
      Tags: ["seeded", `port-${service.port}`],
      Port: service.port,
      Meta: { version: "2.1.0" },
    },
    Check: {
      Node: node,
      CheckID: `check-${id}`,
      Name: `${name} answers`,
      ServiceID: id,
      Status: service.isCritical ? "critical" : "passing",
      Output: service.isCritical ? "HTTP GET: 503 Service Unavailable" : "HTTP GET: 200 OK",
    },
  });
}

export async function seedSessions(
  client: ConsulTarget,
  nodes: string[],
  count: number,
): Promise<SeededWorld["sessions"]> {
  const sessions: SeededWorld["sessions"] = [];
  for (let number = 1; number <= count; number++) {
    const node = nodes[(number - 1) % Math.max(nodes.length, 1)];
    const name = `lock-${number}`;
    const { ID: id } = await callConsul<{ ID: string }>(client, "PUT", "/v1/session/create", {
      Name: name,
      ...(node === undefined ? {} : { Node: node, Checks: [], NodeChecks: [] }),
      Behavior: number % 2 === 0 ? "delete" : "release",
      LockDelay: "15s",
      // The server keeps twice the time; an hour lasts longer than any test.
      TTL: "3600s",
    });
    const lockedKey = `locks/${name}`;
    await callConsul(client, "PUT", `/v1/kv/${lockedKey}?acquire=${id}`, `held by ${name}`);
    sessions.push({ id, name, lockedKey });
  }
  return sessions;
}

export async function seedConfigEntries(client: ConsulTarget): Promise<string[]> {
  const entries = [
    { Kind: "proxy-defaults", Name: "global", Config: { protocol: "http", local_connect_timeout_ms: 1_000 } },
    { Kind: "service-defaults", Name: "web", Protocol: "http" },
    { Kind: "service-defaults", Name: "api", Protocol: "http" },
    {
      Kind: "service-resolver",
      Name: "api",
      ConnectTimeout: "5s",
      DefaultSubset: "v2",
      Subsets: { v2: { Filter: "Service.Meta.version == 2" } },
    },
    {
      Kind: "service-splitter",
      Name: "api",
      Splits: [
        { Weight: 90, ServiceSubset: "v2" },
        { Weight: 10, Service: "web" },
      ],
    },
  ];
  for (const entry of entries) await callConsul(client, "PUT", "/v1/config", entry);
  return entries.map((entry) => `${entry.Kind}/${entry.Name}`);
}

/** Records of their own before 1.9, config entries of the kind service-intentions since. */
export async function seedIntentions(client: ConsulTarget): Promise<string[]> {
  const intentions = [
    { SourceName: "web", DestinationName: "api", Action: "allow" },
    { SourceName: "*", DestinationName: "payments", Action: "deny" },
  ];
  const self = await callConsul<{ Config: { Version: string } }>(client, "GET", "/v1/agent/self");
  const isLegacy = !isAtLeast(self.Config.Version, 1, 9);
  for (const intention of intentions) {
    const { SourceName: source, DestinationName: destination, Action } = intention;
    if (isLegacy)
      await callConsul(client, "POST", "/v1/connect/intentions", { ...intention, SourceType: "consul" });
    else {
      const query = `source=${encodeURIComponent(source)}&destination=${encodeURIComponent(destination)}`;
      await callConsul(client, "PUT", `/v1/connect/intentions/exact?${query}`, { Action });
    }
  }
  return intentions.map((intention) => `${intention.SourceName}>${intention.DestinationName}`);
}

export async function seedPreparedQueries(client: ConsulTarget): Promise<SeededWorld["preparedQueries"]> {
  const queries: SeededWorld["preparedQueries"] = [];
  for (const name of ["nearest-web", "failover-api"]) {
    const { ID: id } = await callConsul<{ ID: string }>(client, "POST", "/v1/query", {
      Name: name,
      Service: { Service: name.split("-")[1], OnlyPassing: true, Failover: { NearestN: 2 } },
      DNS: { TTL: "10s" },
    });
    queries.push({ id, name });
  }
  return queries;
}

export async function seedAcl(
  client: ConsulTarget,
  tokenCount: number,
): Promise<Pick<SeededWorld, "policies" | "roles" | "tokens">> {
  const policies: SeededWorld["policies"] = [];
  for (const [name, rules] of [
    ["app-read", 'key_prefix "app/" { policy = "read" }'],
    ["infra-write", 'key_prefix "infra/" { policy = "write" }\nservice_prefix "" { policy = "read" }'],
    ["backup", 'acl = "write"'],
  ]) {
    const body = { Name: name, Description: `Seeded policy ${name}`, Rules: rules };
    const { ID: id } = await callConsul<{ ID: string }>(client, "PUT", "/v1/acl/policy", body);
    policies.push({ id, name: name ?? "" });
  }
  const role = await callConsul<{ ID: string }>(client, "PUT", "/v1/acl/role", {
    Name: "operators",
    Policies: [{ Name: "infra-write" }],
    ServiceIdentities: [{ ServiceName: "web" }],
  });
  const tokens: SeededWorld["tokens"] = [];
  for (let number = 1; number <= tokenCount; number++) {
    const policy = policies[(number - 1) % policies.length];
    const description = `seeded token ${number} (${policy?.name ?? "none"})`;
    const made = await callConsul<{ AccessorID: string; SecretID: string }>(client, "PUT", "/v1/acl/token", {
      Description: description,
      Policies: policy === undefined ? [] : [{ ID: policy.id }],
      Roles: number === 1 ? [{ ID: role.ID }] : [],
    });
    tokens.push({ accessorId: made.AccessorID, secretId: made.SecretID, description });
  }
  return { policies, roles: [{ id: role.ID, name: "operators" }], tokens };
}
