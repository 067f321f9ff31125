import { isUtf8 } from "node:buffer";
import { toIso } from "./go-time.ts";
import { isFields, type ValueBudget } from "./msgpack-reader.ts";
import { newFields } from "./new-fields.ts";
import { Undecodable } from "./undecodable.ts";
import type { FieldValue, RecordFields } from "./visitor.ts";

export type ProtoType =
  | "text"
  | "bytes"
  /** Any number written as a varint. */
  | "integer"
  | "bool"
  | "timestamp"
  | { readonly message: ProtoMessage }
  | { readonly list: ProtoType }
  /** A map whose keys are text. */
  | { readonly entries: ProtoType };

/** Field numbers with the name and type of each. */
export type ProtoMessage = ReadonlyMap<number, readonly [name: string, type: ProtoType]>;

const depthMax = 64;

/**
 * Decodes a message of Protocol Buffers 3. A field that is not set is missing, as its zero value is on the wire;
 * a field that `message` does not know is kept under `Field<number>`, as a list of what stands there.
 *
 * @throws Undecodable
 */
export function decodeProto(
  bytes: Buffer,
  message: ProtoMessage,
  budget: ValueBudget,
  depth = 0,
): RecordFields {
  if (depth > depthMax) {
    throw new Undecodable(`it is nested more than ${depthMax} levels deep.`);
  }
  const fields: { [name: string]: FieldValue } = newFields();
  const wire = new WireReader(bytes);
  while (!wire.atEnd()) {
    if (--budget.valuesLeft < 0) {
      throw new Undecodable("it holds more values than are decoded.", "RECORD_LIMIT");
    }
    const tag = wire.tag();
    const raw = wire.value(tag & 7);
    const [name, type] = message.get(tag >>> 3) ?? unknownField(tag >>> 3, raw);
    fields[name] = merge(fields[name], raw, type, budget, depth);
  }
  return fields;
}

type Wire = bigint | Buffer;

function unknownField(number: number, raw: Wire): readonly [string, ProtoType] {
  return [`Field${number}`, { list: typeof raw === "bigint" ? "integer" : "bytes" }];
}

function merge(
  before: FieldValue | undefined,
  raw: Wire,
  type: ProtoType,
  budget: ValueBudget,
  depth: number,
): FieldValue {
  if (typeof type === "object" && "list" in type) {
    const list = Array.isArray(before) ? before : [];
    list.push(toValue(raw, type.list, budget, depth));
    return list;
  }
  if (typeof type === "object" && "entries" in type) {
    const entry = decodeProto(asBytes(raw), entryOf(type.entries), budget, depth + 1);
    const object = (isFields(before) ? before : newFields()) as { [key: string]: FieldValue };
    object[String(entry.key ?? "")] = entry.value ?? (type.entries === "text" ? "" : null);
    return object;
  }
  return toValue(raw, type, budget, depth);
}

function entryOf(type: ProtoType): ProtoMessage {
  return new Map([
    [1, ["key", "text"]],
    [2, ["value", type]],
  ]);
}

function toValue(raw: Wire, type: ProtoType, budget: ValueBudget, depth: number): FieldValue {
  switch (type) {
    case "integer":
      return asNumber(raw);
    case "bool":
      return asNumber(raw) !== 0;
    case "bytes":
      return Uint8Array.from(asBytes(raw));
    case "text": {
      const bytes = asBytes(raw);
      return isUtf8(bytes) ? bytes.toString("utf8") : Uint8Array.from(bytes);
    }
    case "timestamp": {
      const { seconds, nanos } = decodeProto(asBytes(raw), timestamp, budget, depth + 1);
      return toIso(Number(seconds ?? 0), Number(nanos ?? 0)) ?? null;
    }
    default:
      if ("message" in type) {
        return decodeProto(asBytes(raw), type.message, budget, depth + 1);
      }
      throw new Undecodable("a list stands in a list.");
  }
}

const timestamp: ProtoMessage = new Map([
  [1, ["seconds", "integer"]],
  [2, ["nanos", "integer"]],
]);

function asBytes(raw: Wire): Buffer {
  if (typeof raw === "bigint") {
    throw new Undecodable("a number stands where bytes should.");
  }
  return raw;
}

/** Signed, as int64 is written; of the unsigned numbers here none comes near the sign. */
function asNumber(raw: Wire): number | bigint {
  if (typeof raw !== "bigint") {
    throw new Undecodable("bytes stand where a number should.");
  }
  const signed = BigInt.asIntN(64, raw);
  return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
}

class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** A field's number, times eight, and how its value is written. */
  tag(): number {
    const tag = this.varint();
    if (tag < 8n || tag > 0xffff_ffffn) {
      throw new Undecodable("it has a field whose number cannot be.");
    }
    return Number(tag);
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#take(1)[0] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        return BigInt.asUintN(64, value);
      }
    }
    throw new Undecodable("a number has more than ten bytes.");
  }

  /** The fixed widths come as numbers, too: none of Consul's messages has a float. */
  value(wireType: number): Wire {
    switch (wireType) {
      case 0:
        return this.varint();
      case 1:
        return this.#take(8).readBigUInt64LE();
      case 2:
        return this.#take(Number(this.varint()));
      case 5:
        return BigInt(this.#take(4).readUInt32LE());
      default:
        throw new Undecodable(`it has a field of wire type ${wireType}.`);
    }
  }

  #take(bytes: number): Buffer {
    const from = this.#at;
    if (bytes > this.#bytes.length - from) {
      throw new Undecodable("its message is cut.");
    }
    this.#at = from + bytes;
    return this.#bytes.subarray(from, this.#at);
  }
}
