import { type Answer, toLost, toOtherAnswer } from "./answers.ts";
import { type KeyChange, settle } from "./key-changes.ts";
import { toKeyPath } from "./keys.ts";
import { type Reading, readKeys } from "./read-keys.ts";

/**
 * One check-and-set by `/v1/kv/<key>`: for values that are too large for a transaction, and keys that JSON can't name.
 * Consul answers true or false and no index, so the key is read back. Who writes the very same value in between can't be
 * told from us.
 */
export async function sendByPath(reading: Reading, change: KeyChange): Promise<Answer> {
  const { client, datacenter, token } = reading;
  const { key, index, to } = change;
  const query = `dc=${encodeURIComponent(datacenter)}&cas=${index}`;
  try {
    const said =
      to === null
        ? await client.change(`${toKeyPath(key)}?${query}`, { method: "DELETE", token })
        : await client.change(`${toKeyPath(key)}?${query}&flags=${BigInt(to.flags)}`, {
            method: "PUT",
            token,
            body: to.value,
          });
    const word = said.text.trim();
    if (said.status !== 200 || (word !== "true" && word !== "false")) return toOtherAnswer(said);
    if (word === "false") return { kind: "told", outcomes: [{ change, kind: "stale", index: 0, text: "" }] };
    const ours = await indexAfter(reading, change);
    return { kind: "told", outcomes: [{ change, kind: "done", index: ours, text: "" }] };
  } catch (error) {
    return toLost(error);
  }
}

async function indexAfter(reading: Reading, change: KeyChange): Promise<number> {
  const [now = "hidden"] = await readKeys(reading, [change.key]).catch(() => []);
  const found = settle(change, now);
  return found.kind === "done" ? found.index : 0;
}
