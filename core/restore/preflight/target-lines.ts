import type { DatacenterHealth } from "#core/clusters/contract.ts";
import {
  type ConsulClient,
  readAuthorized,
  readChecks,
  readClusterId,
  readTokenSelf,
} from "#core/consul/index.ts";
import { isAppError, toAppError } from "#core/kernel/errors.ts";
import { block, count, type LookedLine, many, pass, someOf, warning } from "./line.ts";
import type { SnapshotFacts } from "./snapshot-facts.ts";

/** Reached, led, healthy. */
export function healthLines(now: DatacenterHealth): LookedLine[] {
  const { datacenter, state, leader, problem, serversHealthy, serversTotal } = now;
  switch (state) {
    case "no_leader":
      return [
        block("target", "Target has no leader", {
          detail: `${problem ?? "No cluster leader"}. Consul refuses a restore without a leader.`,
          todo: "Elect one, then run the checks again.",
        }),
      ];
    case "unreachable":
    case "unknown":
      return [
        block("target", `${datacenter} can't be reached`, {
          detail: problem ?? "Nothing answered.",
          todo: "Check the addresses of the cluster, then run the checks again.",
        }),
      ];
    case "ok":
      return [
        pass("target", "Target reachable, leader known", `${leader} leads`),
        serversLine(serversHealthy, serversTotal),
      ];
    default:
      return state satisfies never;
  }
}

function serversLine(healthy: number | null, total: number | null): LookedLine {
  if (healthy === null || total === null)
    return warning("servers", "The health of the servers is not known", {
      reason: "unknown",
      detail: "Autopilot answers only to operator:read, and not right after an election.",
      todo: "Look at the servers by hand, or use a token that may read it.",
      accept: "The servers are healthy, as far as I know",
    });
  if (healthy === total)
    return pass("servers", `All servers are healthy`, `${healthy} of ${total}, says autopilot`);
  return warning("servers", `${count(total - healthy)} of ${many(total, "server")} not healthy`, {
    reason: "unhealthy",
    // As many may still fail as autopilot would say, were every server a voter.
    extent: Math.floor(total / 2) + 1 - healthy,
    detail:
      "While a restore is applied, the leader is ahead of its followers; with fewer servers there is less to fall back on.",
    todo: "Bring them back first, if there is time.",
    accept: "Restoring with an unhealthy server is intended",
  });
}

/** The token as the target sees it. `accessorId` null: ACLs are off, or nobody can say. */
export type TokenInUse = {
  acl: boolean;
  accessorId: string | null;
  mayRestore: boolean | null;
  problem: string | null;
};

export async function readTokenInUse(
  client: ConsulClient,
  datacenter: string,
  token: string | undefined,
): Promise<TokenInUse> {
  try {
    const self = await readTokenSelf(client, token, datacenter);
    if (self === null) return { acl: false, accessorId: null, mayRestore: true, problem: null };
    const mayRestore = await readAuthorized(client, { resource: "acl", access: "write", token }).catch(
      () => null,
    );
    return { acl: true, accessorId: self.accessorId, mayRestore, problem: null };
  } catch (error) {
    const failure = toAppError(error);
    const isDenied = isAppError(error) && error.code === "consul_denied";
    return { acl: true, accessorId: null, mayRestore: isDenied ? false : null, problem: failure.userMessage };
  }
}

const short = (accessorId: string): string => `${accessorId.slice(0, 4)}…${accessorId.slice(-4)}`;

/**
 * May the token restore, will it still be there, and will anybody's be?
 * @param survives whether the snapshot has the token in use; null: not asked.
 */
export function tokenLines(
  token: TokenInUse,
  survives: boolean | null,
  facts: Pick<SnapshotFacts, "tokens" | "administrators">,
): LookedLine[] {
  if (!token.acl) {
    const brings = facts.tokens > 0 ? "the snapshot brings ACL tokens, which stay unused" : "";
    return [pass("token", "ACLs are off in the target", brings)];
  }
  if (token.mayRestore === false)
    return [
      block("token", "The token may not restore", {
        detail: token.problem ?? 'Consul wants acl = "write" for a restore: a management token.',
        todo: "Give the cluster a management token, or type one for this restore.",
      }),
    ];
  return [tokenLine(token, survives), administratorsLine(facts)];
}

function tokenLine(token: TokenInUse, survives: boolean | null): LookedLine {
  const name = token.accessorId === null ? "The token" : `Accessor ${short(token.accessorId)}`;
  if (token.accessorId === null || token.mayRestore === null || survives === null)
    return warning("token", "Whether the token may restore is not known", {
      reason: "unknown",
      detail: token.problem ?? "This Consul doesn't say what a token may do.",
      todo: "Make sure that it is a management token.",
      accept: "The token is a management token, and is in the snapshot",
    });
  if (survives) return pass("token", "The token in use is in the snapshot", `${name}, a management token`);
  return warning("token", "Your token disappears after the restore", {
    reason: "gone",
    detail: `${name} is not in the snapshot: right after the restore Consul answers it with "ACL not found".`,
    todo: "Have a token of that time at hand, and check it here.",
    accept: "I can still sign in to Consul with a token that is in this snapshot",
  });
}

function administratorsLine({
  administrators,
  tokens,
}: Pick<SnapshotFacts, "tokens" | "administrators">): LookedLine {
  if (administrators.length > 0)
    return pass(
      "administrators",
      "An administrator's token survives",
      `${many(administrators.length, "management token")} of ${many(tokens, "token")} in the snapshot`,
    );
  return warning("administrators", "No administrator's token survives", {
    reason: "none",
    detail:
      tokens === 0
        ? "The snapshot holds no ACL token at all."
        : `None of the ${many(tokens, "token")} in the snapshot is a management token.`,
    todo: "Only servers with acl.tokens.initial_management make theirs again. Else ACLs have to be bootstrapped anew.",
    accept: "I know how to get a management token after the restore",
  });
}

/** On purpose or by accident: another datacenter, another cluster. */
export async function sameClusterLine(about: {
  client: ConsulClient;
  datacenter: string;
  clusterName: string;
  isSameCluster: boolean;
  facts: SnapshotFacts;
  snapshot: { datacenter: string | null; clusterName: string };
}): Promise<LookedLine> {
  const { client, datacenter, facts, snapshot, isSameCluster } = about;
  const liveId = await readClusterId(client, datacenter).catch(() => null);
  const { clusterId } = facts.inspection;
  const otherId = liveId !== null && clusterId !== null && liveId !== clusterId;
  const from = snapshot.datacenter ?? facts.inspection.datacenters.names[0] ?? null;
  if (from === datacenter && isSameCluster && !otherId)
    return pass(
      "same_cluster",
      "The snapshot is of this datacenter",
      liveId === null ? "" : `cluster id ${liveId}`,
    );
  const what =
    from !== datacenter
      ? `It is of ${from ?? "an unknown datacenter"}, the target is ${datacenter}`
      : otherId
        ? "It is of a cluster with another id"
        : `It is from ${snapshot.clusterName}, the target is ${about.clusterName}`;
  return warning("same_cluster", "The snapshot is of another datacenter or cluster", {
    reason: "other",
    detail: `${what}. Its nodes, services, ACLs and certificates replace those of the target.`,
    todo: "Go on only where a move is what you want.",
    accept: `Putting ${from ?? "it"} of ${snapshot.clusterName} into ${datacenter} of ${about.clusterName} is intended`,
  });
}

/** Nodes of the snapshot whose agents are not members now. Null: the token may not see the catalog. */
export async function nodesLine(
  client: ConsulClient,
  datacenter: string,
  facts: Pick<SnapshotFacts, "agentNodes">,
  token: string | undefined,
): Promise<LookedLine> {
  const checks = await readChecks(client, datacenter, token).catch(() => null);
  if (checks === null)
    return warning("nodes", "Which nodes are members now is not known", {
      reason: "unknown",
      detail: "The catalog could not be read.",
      todo: "Compare the members with the snapshot by hand.",
      accept: "Nodes that are gone may be reaped",
    });
  const members = new Set(checks.filter(({ checkId }) => checkId === "serfHealth").map(({ node }) => node));
  const gone = facts.agentNodes.filter((node) => !members.has(node));
  if (gone.length === 0)
    return pass(
      "nodes",
      "Every node of the snapshot is a member now",
      `${count(facts.agentNodes.length)} of ${count(facts.agentNodes.length)}`,
    );
  return warning(
    "nodes",
    `${many(gone.length, "node")} of the snapshot ${gone.length === 1 ? "is" : "are"} no longer a member`,
    {
      reason: "gone",
      detail: `${someOf(gone)}. Consul reaps ${gone.length === 1 ? "it" : "them"} with all services after the restore.`,
      todo: "Expected after nodes were replaced. Agents register their own services again.",
      accept: `${gone.length === 1 ? "That node" : "Those nodes"} may be reaped`,
    },
  );
}

/** What else goes on in the place. */
export function othersLine(running: { restores: number; takes: number; recoveries: number }): LookedLine {
  if (running.restores > 0)
    return block("others", "Another restore is running", {
      detail: "Two restores at once leave nobody knowing what is there.",
      todo: "Wait until it has ended, then run the checks again.",
    });
  if (running.recoveries > 0)
    return block("others", "A part is being recovered", {
      detail: "It writes keys that the restore would take away.",
      todo: "Wait until it has ended, then run the checks again.",
    });
  if (running.takes > 0)
    return warning("others", "A snapshot is being taken", {
      reason: "taking",
      detail: "It may hold what was before the restore, or what is after.",
      todo: "Wait a moment, then run the checks again.",
      accept: "The snapshot under way may be of either state",
    });
  return pass("others", "Nothing else is running there");
}
