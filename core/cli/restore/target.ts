import {
  type ConsulClient,
  connectionFromEnv,
  createConsulClient,
  fromFault,
  readAgentSelf,
  readAuthorized,
  readLeader,
  tokenHelp,
} from "#core/consul/index.ts";
import { type Env, readEnv } from "#core/kernel/env.ts";
import { AppError, isAppError } from "#core/kernel/errors.ts";
import { createTargetPolicy } from "#core/kernel/target-policy.ts";
import { readEnvOf } from "../archive-file.ts";
import { UsageError } from "../exit.ts";

/** What Consul's own command line takes when nobody says more. */
const defaultAddress = "http://127.0.0.1:8500";

export type RestoreTarget = {
  readonly client: ConsulClient;
  readonly datacenter: string;
  /** As the variables name it. */
  readonly address: string;
  readonly leader: string;
  /** Of the agent that was asked. */
  readonly version: string;
  /** The raft index of that agent, when it is a server of this datacenter. */
  readonly appliedIndex: number | null;
  readonly timeouts: { readonly firstByteMs: number; readonly idleMs: number; readonly settleMs: number };
};

/**
 * Reaches the Consul that CONSUL_HTTP_ADDR and its like describe, and finds a leader in the datacenter.
 * @throws UsageError for a wrong variable; AppError in Consul's words
 */
export async function openTarget(wanted: string | null): Promise<RestoreTarget> {
  const { env, client } = connect();
  const address = client.addresses[0] ?? "";
  const self = await readAgentSelf(client);
  const datacenter = wanted ?? self.datacenter;
  const leader = await readLeader(client, datacenter);
  if (leader === null) throw new AppError({ code: "consul_no_leader", userMessage: "No cluster leader" });
  if (self.datacenter === datacenter) await assertMayRestore(client);
  return {
    client,
    datacenter,
    address,
    leader,
    version: self.version,
    appliedIndex: self.server && self.datacenter === datacenter ? self.appliedIndex : null,
    timeouts: {
      firstByteMs: env.SNAPKEEP_FIRST_BYTE_TIMEOUT_MS,
      idleMs: env.SNAPKEEP_IDLE_TIMEOUT_MS,
      settleMs: env.SNAPKEEP_RESTORE_SETTLE_MS,
    },
  };
}

/** Where Consul can say it: once an archive is on its way, a refusal proves nothing any more. */
async function assertMayRestore(client: ConsulClient): Promise<void> {
  const isAllowed = await readAuthorized(client, { resource: "acl", access: "write" }).catch(() => null);
  if (isAllowed === false)
    throw new AppError({ code: "consul_denied", userMessage: `Permission denied. ${tokenHelp}` });
}

function connect(): { env: Env; client: ConsulClient } {
  const env = readEnvOf(readEnv);
  try {
    const connection = connectionFromEnv({
      ...env,
      CONSUL_HTTP_ADDR: env.CONSUL_HTTP_ADDR ?? defaultAddress,
    });
    if (connection === null) throw new Error("an address was given");
    // Whoever types a command may connect to wherever this machine may.
    return { env, client: createConsulClient(connection, createTargetPolicy(true)) };
  } catch (error) {
    throw isAppError(error) ? new UsageError(error.userMessage) : error;
  }
}

/** A failure in words that name the address, whether Consul spoke or the network. */
export function wordsOf(error: unknown, address: string): string {
  return (isAppError(error) ? error : fromFault(error, address)).userMessage;
}
