import { createHash } from "node:crypto";
import { type ConsulTarget, callConsul } from "./consul-http.ts";
import { seedBytes } from "./seed-bytes.ts";

/** The most operations that one /v1/txn takes. */
const txnOperationsMax = 64;
/** A transaction's body is limited to 512 KB unless the servers are told otherwise; base64 takes a third of it. */
const txnValueBytesMax = 300_000;

export interface SeedKey {
  key: string;
  value: Buffer;
  flags: number;
}

export interface SeedKeysOptions {
  client: ConsulTarget;
  count: number;
  /** Keys are spread over these, each as `<prefix><number>`; a prefix ends with a slash as a rule. */
  prefixes?: string[];
  /** The same seed makes the same values. */
  seed?: string;
}

const defaultPrefixes = ["app/config/", "app/features/", "infra/dns/", "teams/blue/", "teams/red/"];

/**
 * What {@link seedKeys} writes, without writing it: each third value is JSON, each tenth binary, the rest text;
 * flags are the key's number, and one key in fifty is empty.
 */
export function makeKeys(options: Omit<SeedKeysOptions, "client">): SeedKey[] {
  const prefixes = options.prefixes ?? defaultPrefixes;
  return Array.from({ length: options.count }, (_, index) => ({
    key: `${prefixes[index % prefixes.length] ?? ""}${String(index).padStart(6, "0")}`,
    value: makeValue(index, options.seed ?? "snapkeep"),
    flags: index,
  }));
}

function makeValue(index: number, seed: string): Buffer {
  if (index % 50 === 49) return Buffer.alloc(0);
  if (index % 10 === 0) return seedBytes(`${seed}/${index}`, 16 + (index % 200));
  const digest = createHash("sha256").update(`${seed}/${index}`).digest("hex");
  if (index % 3 === 0) {
    const settings = { enabled: index % 2 === 0, replicas: index % 7, owner: `team-${index % 5}`, digest };
    return Buffer.from(JSON.stringify(settings));
  }
  return Buffer.from(`value ${index}: ${digest}`);
}

/** Writes keys by transactions of 64; some thousand per second. Resolves with what was written. */
export async function seedKeys(options: SeedKeysOptions): Promise<SeedKey[]> {
  const keys = makeKeys(options);
  await putKeys(options.client, keys);
  return keys;
}

export async function putKeys(client: ConsulTarget, keys: SeedKey[]): Promise<void> {
  const batches: SeedKey[][] = [[]];
  let batchBytes = 0;
  for (const key of keys) {
    const last = batches.at(-1);
    if (
      last !== undefined &&
      last.length < txnOperationsMax &&
      batchBytes + key.value.length <= txnValueBytesMax
    ) {
      last.push(key);
      batchBytes += key.value.length;
    } else {
      batches.push([key]);
      batchBytes = key.value.length;
    }
  }
  await inParallel(
    batches.filter((batch) => batch.length > 0),
    4,
    (batch) =>
      callConsul(
        client,
        "PUT",
        "/v1/txn",
        batch.map(({ key, value, flags }) => ({
          KV: { Verb: "set", Key: key, Value: value.toString("base64"), Flags: flags },
        })),
      ),
  );
}

export interface BigValuesOptions {
  client: ConsulTarget;
  /** 2,000 keys of 500,000 bytes make a state of 1 GB and an archive of about a third of it. */
  keys: number;
  valueBytes: number;
  prefix?: string;
  seed?: string;
  onProgress?: (written: number) => void;
}

/** Large values go one by one, since a transaction can't hold them. */
export async function seedBigValues(options: BigValuesOptions): Promise<void> {
  const numbers = Array.from({ length: options.keys }, (_, index) => index);
  let written = 0;
  await inParallel(numbers, 4, async (index) => {
    const value = semiCompressible(`${options.seed ?? "big"}/${index}`, options.valueBytes);
    const key = `${options.prefix ?? "big/"}${String(index).padStart(6, "0")}`;
    await callConsul(options.client, "PUT", `/v1/kv/${key}`, value);
    written += 1;
    options.onProgress?.(written);
  });
}

/** A third of every 3 KB is noise and the rest one repeated line, which gzip makes about a third of. */
function semiCompressible(seed: string, bytes: number): Buffer {
  const value = Buffer.alloc(bytes, "timeout = 30s  retries = 3  upstream = payments.service.consul\n");
  const noise = seedBytes(seed, Math.ceil(bytes / 3));
  for (let at = 0, from = 0; at < bytes; at += 3_072, from += 1_024) {
    noise.copy(value, at, from, Math.min(from + 1_024, noise.length));
  }
  return value;
}

/** Runs `work` over all items, at most `width` at once; the first error ends it. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const rest = items.values();
  const worker = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
