import { type ConsulClient, readTokenSelf } from "#core/consul/index.ts";
import { isAppError } from "#core/kernel/errors.ts";
import type { RestoreRecord, RestoreStore } from "../store.ts";
import type { Secrets } from "./deps.ts";
import type { Examination, Unexamined } from "./examine.ts";
import { acceptedOf } from "./outcome-words.ts";
import type { Steps } from "./steps.ts";

export type Looked = { row: RestoreRecord; secrets: Secrets; tokens: readonly (string | undefined)[] };

/**
 * Says what became of the token in use, where the preflight had warned that it may go. Only what Consul answers now is
 * told: where it says nothing, there is no such step.
 */
export async function tellToken(
  deps: { store: RestoreStore; client: () => Promise<ConsulClient>; steps: Steps },
  { row, secrets, tokens }: Looked,
  found: Examination | Unexamined,
): Promise<void> {
  const { steps, store } = deps;
  if (!acceptedOf(row).includes("token")) return;
  if ("problem" in found) {
    if (found.code === "consul_denied")
      await steps.failed("token", `Consul denies every token that Snapkeep has: ${found.problem}`);
    return;
  }
  if (found.verdict !== "snapshot" && found.verdict !== "both") return;
  const client = await deps.client();
  const look = (token: string | undefined) => selfOf(client, row.datacenter, token);
  const before = await look(secrets.token);
  if (before === "denied") {
    const was = await nameBefore(store, row);
    const now = await look(tokens[found.tokenAt]);
    const whose =
      tokens[found.tokenAt] === undefined ? "the stored token" : "the token that was typed for it";
    if (now !== null && now !== "denied")
      await steps.done("token", `${was} is gone. Snapkeep looked with ${whose}: accessor ${short(now)}.`);
    return;
  }
  // Of a later look, or after a restart, nobody knows whether another one had been typed for the restore itself.
  const isOwn = row.finishedAt === null && secrets.areLost !== true;
  if (before !== null && isOwn) await steps.skipped("token", `Consul still knows accessor ${short(before)}.`);
}

/** The accessor of a token; null: ACLs are off, or nobody can say. */
async function selfOf(client: ConsulClient, datacenter: string, token: string | undefined) {
  try {
    return (await readTokenSelf(client, token, datacenter))?.accessorId ?? null;
  } catch (error) {
    return isAppError(error) && error.code === "consul_denied" ? ("denied" as const) : null;
  }
}

/** As the preflight named it. */
async function nameBefore(store: RestoreStore, { preflightId }: RestoreRecord): Promise<string> {
  const found = preflightId === null ? null : await store.findPreflight(preflightId);
  const [, name] = /"(Accessor [^ "]+) is not in the snapshot/.exec(found?.linesJson ?? "") ?? [];
  return name ?? "The token of before";
}

const short = (accessorId: string): string => `${accessorId.slice(0, 4)}…${accessorId.slice(-4)}`;
