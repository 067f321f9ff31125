import { createHash } from "node:crypto";
import { z } from "zod";
import type { SampledKey } from "#core/archive/identity/index.ts";
import { DrillFailed, oneLine } from "./failure.ts";
import type { ThrowawayApi } from "./http.ts";

/** The most that a transaction takes is 64; fewer keep an answer with large values small. */
const keysPerTransaction = 16;

// JSON.parse would round flags beyond 2^53, so they are taken out of the text as the text that they are.
const answer = z.object({
  Results: z
    .array(z.object({ KV: z.object({ Key: z.string(), Flags: z.string(), Value: z.string().nullable() }) }))
    .nullable(),
  Errors: z.array(z.object({ OpIndex: z.number(), What: z.string() })).nullable(),
});

/** Reads keys back as any client would. @returns how many have the archive's bytes and flags. */
export async function readSample(api: ThrowawayApi, keys: readonly SampledKey[]): Promise<number> {
  let equal = 0;
  for (let from = 0; from < keys.length; from += keysPerTransaction)
    equal += await readSome(api, keys.slice(from, from + keysPerTransaction));
  return equal;
}

async function readSome(api: ThrowawayApi, keys: readonly SampledKey[]): Promise<number> {
  if (keys.length === 0) return 0;
  // Not one path per key: HTTP paths take no control characters, and Go rewrites double slashes.
  const gets = keys.map(({ key }) => ({ KV: { Verb: "get", Key: key } }));
  const { status, text } = await api.putJson("/v1/txn?consistent", gets);
  if (status !== 200 && status !== 409)
    throw new DrillFailed(`Consul answered ${status} when keys were read back: ${oneLine(text)}`);
  const { Results, Errors } = answer.parse(JSON.parse(text.replace(/"Flags":(\d+)/g, '"Flags":"$1"')));
  // One key that isn't there fails the whole transaction; the others are asked for again.
  const missing = new Set((Errors ?? []).map((one) => one.OpIndex));
  if (missing.size > 0)
    return readSome(
      api,
      keys.filter((_, at) => !missing.has(at)),
    );
  if (status === 409) throw new DrillFailed("Consul refused to read keys back and did not say which.");
  const found = new Map((Results ?? []).map(({ KV }) => [KV.Key, KV]));
  return keys.filter(({ key, valueSha256, flags }) => {
    const kv = found.get(key);
    return (
      kv !== undefined && kv.Flags === flags && sha256(Buffer.from(kv.Value ?? "", "base64")) === valueSha256
    );
  }).length;
}

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
