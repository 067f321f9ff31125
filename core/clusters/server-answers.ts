import { type ConsulClient, faultWords, readAgentSelf, readPeers } from "#core/consul/index.ts";
import { type AppError, toAppError } from "#core/kernel/errors.ts";
import type { ServerAnswer, ServerAnswers } from "./contract.ts";

const askTimeoutMs = 3_000;

/**
 * What each server of a datacenter still answers on its own. Consul forwards a request for another
 * datacenter to any server there, so single servers can be told apart only in the datacenter of the
 * addresses; for another one there is one line for the forwarded question.
 */
export async function askServers(
  client: ConsulClient,
  datacenter: string,
  nowMs: number,
): Promise<ServerAnswers> {
  const asked = await Promise.all(client.addresses.map((address) => askOne(client, address, datacenter)));
  const peers = await firstPeers(client, datacenter);
  const seen = new Set(asked.map((answer) => answer.serverAddress).filter((address) => address !== null));
  // Raft peers behind no address of ours: we know that they exist, not how they are.
  const unasked = peers
    .filter(
      (peer) =>
        !seen.has(peer) &&
        asked.every((answer) => answer.answers || hostOf(answer.httpAddress) !== hostOf(peer)),
    )
    .map(
      (peer): ServerAnswer => ({
        httpAddress: null,
        serverAddress: peer,
        answers: false,
        answerText: "no HTTP address known",
        index: null,
        knownLeader: null,
        lastContactMs: null,
      }),
    );
  const leftOver = asked.some((answer) => !answer.answers) ? [] : unasked;
  return { servers: [...asked, ...leftOver], askedAt: new Date(nowMs).toISOString() };
}

async function askOne(client: ConsulClient, address: string, datacenter: string): Promise<ServerAnswer> {
  const base = {
    httpAddress: address,
    serverAddress: null,
    index: null,
    knownLeader: null,
    lastContactMs: null,
  };
  try {
    const path = `/v1/catalog/service/consul?dc=${encodeURIComponent(datacenter)}&stale`;
    const fresh = await client.getFresh(path, { address, timeoutMs: askTimeoutMs });
    const self = await readAgentSelf(client, { address }).catch(() => null);
    const isHome = self !== null && self.datacenter === datacenter;
    return {
      ...base,
      serverAddress: isHome ? self.serverAddress : null,
      answers: true,
      answerText: "yes",
      index: isHome ? self.appliedIndex : null,
      knownLeader: fresh.knownLeader,
      lastContactMs: fresh.lastContactMs,
    };
  } catch (error) {
    return { ...base, answers: false, answerText: shortWords(toAppError(error)) };
  }
}

function shortWords(failure: AppError): string {
  if (failure.code === "consul_unreachable" && failure.cause !== undefined) return faultWords(failure.cause);
  return failure.userMessage;
}

async function firstPeers(client: ConsulClient, datacenter: string): Promise<string[]> {
  return readPeers(client, datacenter).catch(() => []);
}

function hostOf(address: string | null): string {
  return (address ?? "").replace(/^[a-z]+:\/\//i, "").replace(/:\d+$/, "");
}
