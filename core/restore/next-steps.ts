import type { PreflightName, RestoreDetail, RestoreRow } from "./contract.ts";

type NextStep = RestoreDetail["nextSteps"][number];

const agentTokens: NextStep = {
  title: "Give the agents their tokens again",
  text: "Agents whose token is not in the snapshot can't register. Set it on each, then restart the servers one after the other.",
  command: "consul acl set-agent-token agent <token>",
};
const vault: NextStep = {
  title: "Start Vault again",
  text: "Its cache is of before the restore. Start each Vault server, then unseal it.",
  command: null,
};
const nodeIds: NextStep = {
  title: "Look for node-id conflicts",
  text: 'Where an agent logs "Node name … is reserved by node …", it has another id than in the snapshot: let it leave and start it again.',
  command: "consul leave",
};
const token: NextStep = {
  title: "Give Snapkeep a token of the snapshot",
  text: "The token in use is not in the snapshot, so Consul no longer knows it. Edit the cluster and type one that is.",
  command: null,
};
const others: NextStep = {
  title: "Ask those who hold sessions and locks",
  text: "Sessions began anew with their full TTL. Whoever leads by a lock may not lead any more.",
  command: null,
};

/** What is left to do after data was, or may have been, replaced. Empty where nothing was sent. */
export function nextStepsOf(row: RestoreRow, accepted: readonly PreflightName[]): NextStep[] {
  const isReplaced = row.state === "succeeded" || row.state === "unknown";
  if (!isReplaced) return [];
  return [
    ...(accepted.includes("token") ? [token] : []),
    ...(accepted.includes("token") || accepted.includes("administrators") || accepted.includes("same_cluster")
      ? [agentTokens]
      : []),
    ...(accepted.includes("vault") ? [vault] : []),
    ...(accepted.includes("nodes") || accepted.includes("same_cluster") ? [nodeIds] : []),
    ...(accepted.includes("sessions") ? [others] : []),
  ];
}
