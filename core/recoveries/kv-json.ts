import { z } from "zod";

/** Of a key as it is in a datacenter now. */
export type LiveKey = {
  index: number;
  flags: string;
  value: Buffer;
  /** The session that holds its lock; empty: none. */
  session: string;
};
export type KeyState = { value: Buffer; flags: string };

const entry = z.object({
  Key: z.string(),
  Flags: z.string(),
  Value: z.string().nullish(),
  Session: z.string().nullish(),
  ModifyIndex: z.number(),
});

/** Flags have 64 bits, which JSON.parse would round: they are read as text. Inside of a text, quotes are escaped. */
const flagsExactly = (text: string): string => text.replace(/"Flags":\s*(\d+)/g, '"Flags":"$1"');

export function parseKey(text: string): { key: string; live: LiveKey } {
  return toLive(entry.parse(JSON.parse(flagsExactly(text))));
}

function toLive(found: z.output<typeof entry>): { key: string; live: LiveKey } {
  const value = Buffer.from(found.Value ?? "", "base64");
  const { ModifyIndex: index, Flags: flags } = found;
  return { key: found.Key, live: { index, flags, value, session: found.Session ?? "" } };
}

export function parseKeyList(text: string): LiveKey | null {
  const [found] = z.array(entry).parse(JSON.parse(flagsExactly(text)));
  return found === undefined ? null : toLive(found).live;
}

const answer = z.object({
  Results: z.array(z.object({ KV: entry.nullish() })).nullish(),
  Errors: z.array(z.object({ OpIndex: z.number(), What: z.string() })).nullish(),
});
export type TransactionAnswer = {
  results: { key: string; live: LiveKey }[];
  errors: { at: number; what: string }[];
};

/** Null when it is not what Consul answers to a transaction. */
export function parseTransaction(text: string): TransactionAnswer | null {
  let json: unknown;
  try {
    json = JSON.parse(flagsExactly(text));
  } catch {
    return null;
  }
  const parsed = answer.safeParse(json);
  if (!parsed.success) return null;
  return {
    results: (parsed.data.Results ?? []).flatMap(({ KV }) => (KV ? [toLive(KV)] : [])),
    errors: (parsed.data.Errors ?? []).map(({ OpIndex, What }) => ({ at: OpIndex, what: What })),
  };
}

/** One operation of a transaction. Written by hand, since a number of JavaScript can't hold all flags. */
export function casOp(key: Buffer, index: number, to: KeyState | null): string {
  const name = JSON.stringify(key.toString("utf8"));
  if (to === null) return `{"KV":{"Verb":"delete-cas","Key":${name},"Index":${index}}}`;
  const value = to.value.toString("base64");
  return `{"KV":{"Verb":"cas","Key":${name},"Value":"${value}","Flags":${BigInt(to.flags)},"Index":${index}}}`;
}

export function getOp(key: Buffer): string {
  return `{"KV":{"Verb":"get","Key":${JSON.stringify(key.toString("utf8"))}}}`;
}
