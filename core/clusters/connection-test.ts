import {
  type ConsulClient,
  readAgentSelf,
  readAutopilot,
  readDatacenters,
  readLeader,
  readTokenSelf,
  tokenHelp,
} from "#core/consul/index.ts";
import { isAppError, toAppError } from "#core/kernel/errors.ts";
import type { ConnectionCheck, ConnectionReport } from "./contract.ts";

/** The policy that Consul gives its bootstrap token; the same id everywhere. */
const managementPolicyId = "00000000-0000-0000-0000-000000000001";

const pass = (name: ConnectionCheck["name"], title: string, detail: string): ConnectionCheck => ({
  name,
  result: "pass",
  title,
  detail,
});
const warning = (name: ConnectionCheck["name"], title: string, detail: string): ConnectionCheck => ({
  name,
  result: "warning",
  title,
  detail,
});
const block = (name: ConnectionCheck["name"], title: string, detail: string): ConnectionCheck => ({
  name,
  result: "block",
  title,
  detail,
});

/**
 * Asks one cluster what works, and says it in words. Never throws for what Consul answers: a failed
 * question is a line of the report.
 */
export async function testConnection(
  client: ConsulClient,
  tlsWords: string,
  hasToken: boolean,
): Promise<ConnectionReport> {
  const startedAt = performance.now();
  const checks: ConnectionCheck[] = [];
  const finish = (consulVersion: string | null, datacenters: string[]): ConnectionReport => ({
    checks,
    durationMs: Math.round(performance.now() - startedAt),
    consulVersion,
    datacenters,
    ok: checks.every((check) => check.result !== "block"),
  });

  let datacenters: string[];
  try {
    datacenters = await readDatacenters(client);
  } catch (error) {
    const failure = toAppError(error);
    const denied = failure.code === "consul_denied";
    checks.push(block("reached", denied ? "Consul refuses this token" : "Not reached", failure.userMessage));
    return finish(null, []);
  }
  const self = await readAgentSelf(client).catch(() => null);
  checks.push(
    pass(
      "reached",
      "Reached",
      [
        tlsWords,
        self === null ? "version unknown, the token lacks agent:read" : `Consul ${self.version}`,
      ].join(", "),
    ),
  );
  const home = self?.datacenter ?? datacenters[0] ?? "";
  checks.push(await checkLeader(client, home));
  const servers = await checkServers(client, home);
  if (servers !== null) checks.push(servers);
  checks.push(pass("datacenters", "Datacenters found", datacenters.join(", ")));
  checks.push(await checkToken(client, hasToken));
  return finish(self?.version ?? null, datacenters);
}

async function checkLeader(client: ConsulClient, datacenter: string): Promise<ConnectionCheck> {
  try {
    const leader = await readLeader(client, datacenter);
    if (leader === null)
      return warning("leader", "No cluster leader", "Only a stale snapshot can be taken until there is one.");
    return pass("leader", "Leader known", leader);
  } catch (error) {
    return warning("leader", "No cluster leader", toAppError(error).userMessage);
  }
}

async function checkServers(client: ConsulClient, datacenter: string): Promise<ConnectionCheck | null> {
  try {
    const health = await readAutopilot(client, datacenter);
    // A leader that was just elected has not looked at the servers yet.
    if (health.Servers.length === 0) return null;
    const healthy = health.Servers.filter((server) => server.Healthy).length;
    const text = `${healthy} of ${health.Servers.length} servers healthy`;
    return health.Healthy ? pass("servers", "Servers", text) : warning("servers", "Servers", text);
  } catch (error) {
    const failure = toAppError(error);
    return failure.code === "consul_denied"
      ? warning("servers", "Servers not known", "The token lacks operator:read.")
      : null;
  }
}

/**
 * Whether the token may take snapshots. Consul has no question for that, and taking one to find out makes
 * the server write a whole archive; so the token's own description decides: ACLs off, or management.
 * Another policy may grant acl:write too; then listing policies, which also needs the acl permission, works.
 */
async function checkToken(client: ConsulClient, hasToken: boolean): Promise<ConnectionCheck> {
  try {
    const self = await readTokenSelf(client);
    if (self === null)
      return pass("token", "ACLs are off", "Anyone who reaches this address may take and restore snapshots.");
    if (self.policies.some((policy) => policy.ID === managementPolicyId)) {
      return warning(
        "token",
        "This token has management rights",
        "It may take and restore snapshots. Consul asks for these rights, because the archive holds every secret.",
      );
    }
    await client.getJson("/v1/acl/policies");
    return warning(
      "token",
      "This token may read ACLs",
      `Snapshots need acl = "write". Its policies (${self.policies.map((policy) => policy.Name).join(", ") || "none"}) may hold it; the first take will tell.`,
    );
  } catch (error) {
    if (isAppError(error) && error.code === "consul_denied") {
      // Consul calls a token that nobody gave "not found", which would send a person looking for one.
      return hasToken
        ? block("token", "This token may not take snapshots", error.userMessage)
        : block("token", "A token is needed", `ACLs are on, and there is no token. ${tokenHelp}`);
    }
    return warning("token", "The token could not be checked", toAppError(error).userMessage);
  }
}
