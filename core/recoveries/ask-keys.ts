import { cleanText } from "#core/consul/index.ts";
import { type Answer, toLost, toOtherAnswer, toOutcome } from "./answers.ts";
import { goesAlone } from "./chunks.ts";
import type { KeyChange } from "./key-changes.ts";
import { casOp, parseTransaction } from "./kv-json.ts";
import type { Reading } from "./read-keys.ts";
import { sendByPath } from "./send-by-path.ts";

/** Sends changes once, as one transaction, and says what the answer means. */
export async function askKeys(reading: Reading, chunk: readonly KeyChange[]): Promise<Answer> {
  const [first] = chunk;
  if (first !== undefined && chunk.length === 1 && goesAlone(first)) return sendByPath(reading, first);
  const { client, datacenter, token } = reading;
  const body = `[${chunk.map(({ key, index, to }) => casOp(key, index, to)).join(",")}]`;
  try {
    // Once it has left, no stop of ours calls it back: its answer is waited for.
    const path = `/v1/txn?dc=${encodeURIComponent(datacenter)}`;
    return toAnswer(chunk, await client.change(path, { method: "PUT", body, token }));
  } catch (error) {
    return toLost(error);
  }
}

function toAnswer(chunk: readonly KeyChange[], said: { status: number; text: string }): Answer {
  const answer = said.status === 200 || said.status === 409 ? parseTransaction(said.text) : null;
  if (answer === null) return toOtherAnswer(said.status === 200 ? { ...said, status: 502 } : said);
  if (said.status === 409) {
    const outcomes = answer.errors.flatMap(({ at, what }) => {
      const change = chunk[at];
      if (change === undefined) return [];
      const isStale = /index is stale/.test(what);
      return [toOutcome(change, isStale ? "stale" : "refused", isStale ? "" : cleanText(what))];
    });
    return outcomes.length > 0
      ? { kind: "told", outcomes }
      : { kind: "refused", text: "Consul answered 409 without a reason" };
  }
  // All writes of a transaction have the same index; a token that may not read is shown none.
  const index = answer.results[0]?.live.index ?? 0;
  return {
    kind: "told",
    outcomes: chunk.map((change) => toOutcome(change, "done", "", change.to === null ? 0 : index)),
  };
}
