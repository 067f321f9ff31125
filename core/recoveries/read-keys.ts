import { type ConsulClient, fromAnswer } from "#core/consul/index.ts";
import { AppError } from "#core/kernel/errors.ts";
import { transactionOpsMax } from "./contract.ts";
import { isPathKey, isTransactionKey, toKeyPath } from "./keys.ts";
import { getOp, type LiveKey, parseKeyList, parseTransaction } from "./kv-json.ts";

/** 64 of the largest values that Consul takes by default, in base64. */
const answerBytesMax = 64 * 1024 * 1024;

export type Reading = {
  client: ConsulClient;
  datacenter: string;
  token: string | undefined;
  signal: AbortSignal;
};
/** `hidden`: the token may not read it. */
export type KeyReading = LiveKey | "absent" | "hidden";

/**
 * Reads keys one by one, as the leader has them now. The answer is in the order of the keys.
 * @throws AppError when no answer came, or none that tells.
 */
export async function readKeys(reading: Reading, keys: readonly Buffer[]): Promise<KeyReading[]> {
  const found = new Map<string, KeyReading>();
  const inTransactions = keys.filter(isTransactionKey);
  for (let from = 0; from < inTransactions.length; from += transactionOpsMax)
    await readBatch(reading, inTransactions.slice(from, from + transactionOpsMax), found);
  for (const key of keys) {
    const name = key.toString("latin1");
    if (!found.has(name)) found.set(name, isPathKey(key) ? await readByPath(reading, key) : "hidden");
  }
  return keys.map((key) => found.get(key.toString("latin1")) ?? "hidden");
}

/** A transaction of reads fails for a key that isn't there, and names it: it is asked again without. */
async function readBatch(
  { client, datacenter, token, signal }: Reading,
  keys: readonly Buffer[],
  found: Map<string, KeyReading>,
): Promise<void> {
  let left = keys;
  while (left.length > 0) {
    const body = `[${left.map(getOp).join(",")}]`;
    const path = `/v1/txn?dc=${encodeURIComponent(datacenter)}&consistent=`;
    const said = await client.change(path, { method: "PUT", body, token, signal, bytesMax: answerBytesMax });
    const answer = said.status === 200 || said.status === 409 ? parseTransaction(said.text) : null;
    if (answer === null) throw fromAnswer(said);
    if (said.status === 200) {
      for (const { key, live } of answer.results) found.set(Buffer.from(key).toString("latin1"), live);
      for (const key of left) {
        const name = key.toString("latin1");
        if (!found.has(name)) found.set(name, "hidden");
      }
      return;
    }
    for (const { at, what } of answer.errors) {
      const key = left[at];
      if (key === undefined) continue;
      if (!/doesn't exist/.test(what) && !/permission denied/i.test(what)) throw unclear(what);
      found.set(key.toString("latin1"), /doesn't exist/.test(what) ? "absent" : "hidden");
    }
    if (answer.errors.length === 0) throw unclear("409 without a reason");
    left = left.filter((key) => !found.has(key.toString("latin1")));
  }
}

async function readByPath({ client, datacenter, token }: Reading, key: Buffer): Promise<KeyReading> {
  const path = `${toKeyPath(key)}?dc=${encodeURIComponent(datacenter)}&consistent=`;
  const items = client.getItems(path, {
    token,
    itemBytesMax: answerBytesMax,
    firstByteTimeoutMs: 10_000,
    idleTimeoutMs: 10_000,
    signal: AbortSignal.timeout(30_000),
  });
  for await (const text of items) return parseKeyList(`[${text}]`) ?? "absent";
  return "absent";
}

function unclear(what: string): AppError {
  return new AppError({ code: "consul_error", userMessage: `Consul could not read the keys: ${what}.` });
}
