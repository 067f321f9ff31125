import { isUtf8 } from "node:buffer";
import { lengthBytesByLead, msgpackNeverUsed, payloadBytesByLead } from "../state/msgpack-lead.ts";
import { parseTime } from "./go-time.ts";
import { cachedName } from "./name-cache.ts";
import { newFields } from "./new-fields.ts";
import type { Shape } from "./shape.ts";
import { Undecodable } from "./undecodable.ts";
import type { FieldValue, RecordFields } from "./visitor.ts";

/** Settings that people write nest a few levels; this only keeps the stack from running out. */
const depthMax = 256;

/** What one record may still decode into, shared by the values that are packed inside each other. */
export type ValueBudget = { valuesLeft: number };

/**
 * Reads msgpack values one after another. Everything it gives away is a copy, so the bytes may change afterwards.
 * Its methods throw `Undecodable`.
 */
export class MsgpackReader {
  readonly #bytes: Buffer;
  readonly #end: number;
  readonly #budget: ValueBudget;
  #at: number;
  #depth: number;

  constructor(bytes: Buffer, from: number, to: number, budget: ValueBudget, depth = 0) {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = to;
    this.#budget = budget;
    this.#depth = depth;
  }

  atEnd(): boolean {
    return this.#at === this.#end;
  }

  value(shape: Shape): FieldValue {
    if (--this.#budget.valuesLeft < 0) {
      throw new Undecodable("it holds more values than are decoded.", "RECORD_LIMIT");
    }
    const lead = this.#take(1, "a value");
    const byte = this.#bytes[lead] ?? 0;
    if (byte === 0xc0) {
      return null;
    }
    const lengthBytes = lengthBytesByLead[byte] ?? 0;
    const length = lengthBytes === 0 ? 0 : this.#length(lengthBytes);
    if ((byte >= 0xa0 && byte <= 0xbf) || (byte >= 0xd9 && byte <= 0xdb) || (byte >= 0xc4 && byte <= 0xc6)) {
      return this.#raw(lengthBytes === 0 ? byte - 0xa0 : length, shape);
    }
    if ((byte >= 0x80 && byte <= 0x8f) || byte >= 0xde) {
      if (byte <= 0x8f || byte <= 0xdf) {
        return this.#map(lengthBytes === 0 ? byte - 0x80 : length, shape);
      }
    }
    if ((byte >= 0x90 && byte <= 0x9f) || byte === 0xdc || byte === 0xdd) {
      return this.#array(lengthBytes === 0 ? byte - 0x90 : length, shape);
    }
    if ((byte >= 0xc7 && byte <= 0xc9) || (byte >= 0xd4 && byte <= 0xd8)) {
      return this.#ext(lengthBytes === 0 ? (payloadBytesByLead[byte] ?? 1) - 1 : length, shape);
    }
    return fitScalar(this.#scalar(byte), shape);
  }

  #take(bytes: number, what: string): number {
    const at = this.#at;
    if (bytes > this.#end - at) {
      throw new Undecodable(`it ends where ${what} should be.`);
    }
    this.#at = at + bytes;
    return at;
  }

  #length(bytes: number): number {
    return this.#bytes.readUIntBE(this.#take(bytes, "a length"), bytes);
  }

  #raw(length: number, shape: Shape): FieldValue {
    const from = this.#take(length, "text");
    const to = from + length;
    if (shape === "any" || shape === "text") {
      return toText(this.#bytes, from, to);
    }
    const bytes = this.#bytes.subarray(from, to);
    if (shape === "bytes") {
      return Uint8Array.from(bytes);
    }
    if (shape === "time") {
      const time = parseTime(bytes);
      if (time === null) {
        throw new Undecodable(`${length} bytes stand where a time should.`);
      }
      return time ?? Uint8Array.from(bytes);
    }
    if (typeof shape === "object" && shape.kind === "packed") {
      return readOnly(bytes, shape.content, this.#budget, this.#depth + 1);
    }
    throw mismatch("text", shape);
  }

  #map(count: number, shape: Shape): FieldValue {
    const inner = typeof shape === "object" && shape.kind === "packed" ? shape.content : shape;
    if (
      inner !== "any" &&
      !(typeof inner === "object" && (inner.kind === "struct" || inner.kind === "map"))
    ) {
      throw mismatch("a map", shape);
    }
    this.#goDeeper();
    const entries = this.#entries(count, inner);
    this.#depth -= 1;
    return entries;
  }

  #entries(count: number, shape: Shape): FieldValue {
    const fields = typeof shape === "object" && shape.kind === "struct" ? shape.fields : null;
    const item = typeof shape === "object" && shape.kind === "map" ? shape.item : "any";
    const object = newFields();
    let pairs: [FieldValue, FieldValue][] | null = null;
    for (let left = count; left > 0; left--) {
      const key = this.#key();
      const value = this.value(typeof key === "string" ? (fields?.get(key) ?? item) : item);
      if (typeof key === "string" && pairs === null) {
        object[key] = value;
      } else {
        pairs ??= Object.entries(object);
        pairs.push([key, value]);
      }
    }
    if (fields !== null && pairs !== null) {
      throw new Undecodable("a key of a structure is no text.");
    }
    return pairs ?? object;
  }

  #key(): FieldValue {
    const at = this.#at;
    const lead = at < this.#end ? (this.#bytes[at] ?? 0) : 0;
    const length = lead - 0xa0;
    if (length > 0 && length < 32 && at + 1 + length <= this.#end) {
      const name = cachedName(this.#bytes, at + 1, length);
      if (name !== null) {
        this.#at = at + 1 + length;
        this.#budget.valuesLeft -= 1;
        return name;
      }
    }
    return this.value("any");
  }

  #array(count: number, shape: Shape): FieldValue {
    if (shape !== "any" && !(typeof shape === "object" && shape.kind === "list")) {
      throw mismatch("a list", shape);
    }
    const item = shape === "any" ? "any" : shape.item;
    this.#goDeeper();
    const list: FieldValue[] = [];
    for (let left = count; left > 0; left--) {
      list.push(this.value(item));
    }
    this.#depth -= 1;
    return list;
  }

  #ext(length: number, shape: Shape): FieldValue {
    const type = this.#bytes.readInt8(this.#take(1, "an extension"));
    const from = this.#take(length, "an extension");
    const bytes = this.#bytes.subarray(from, from + length);
    const time = type === -1 && length <= 12 ? parseTime(bytes) : null;
    if (typeof time === "string" && (shape === "time" || shape === "any")) {
      return time;
    }
    if (shape !== "any") {
      throw mismatch("an extension", shape);
    }
    return Object.assign(newFields(), { Ext: type, Data: Uint8Array.from(bytes) });
  }

  #scalar(byte: number): boolean | number | bigint {
    if (byte < 0x80) {
      return byte;
    }
    if (byte >= 0xe0) {
      return byte - 256;
    }
    if (byte === 0xc2 || byte === 0xc3) {
      return byte === 0xc3;
    }
    const bytes = payloadBytesByLead[byte] ?? 0;
    if (byte === msgpackNeverUsed || bytes === 0) {
      throw new Undecodable("it is no msgpack.");
    }
    const at = this.#take(bytes, "a number");
    switch (byte) {
      case 0xca:
        return this.#bytes.readFloatBE(at);
      case 0xcb:
        return this.#bytes.readDoubleBE(at);
      case 0xcf:
        return orNumber(this.#bytes.readBigUInt64BE(at));
      case 0xd3:
        return orNumber(this.#bytes.readBigInt64BE(at));
      default:
        return byte < 0xd0 ? this.#bytes.readUIntBE(at, bytes) : this.#bytes.readIntBE(at, bytes);
    }
  }

  #goDeeper(): void {
    this.#depth += 1;
    if (this.#depth > depthMax) {
      throw new Undecodable(`it is nested more than ${depthMax} levels deep.`);
    }
  }
}

/** The one value that `bytes` holds. */
function readOnly(bytes: Buffer, shape: Shape, budget: ValueBudget, depth: number): FieldValue {
  const reader = new MsgpackReader(bytes, 0, bytes.length, budget, depth);
  const value = reader.value(shape);
  if (!reader.atEnd()) {
    throw new Undecodable("bytes follow a value that is packed into text.");
  }
  return value;
}

/** Short text is nearly all that there is, and for it a loop costs less than a call out of JavaScript. */
const shortBytes = 48;

function toText(bytes: Buffer, from: number, to: number): string | Uint8Array {
  if (to - from <= shortBytes) {
    let at = from;
    while (at < to && (bytes[at] ?? 0) < 0x80) {
      at += 1;
    }
    if (at === to) {
      return bytes.toString("latin1", from, to);
    }
  }
  return isUtf8(bytes.subarray(from, to))
    ? bytes.toString("utf8", from, to)
    : Uint8Array.from(bytes.subarray(from, to));
}

function orNumber(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function fitScalar(value: boolean | number | bigint, shape: Shape): FieldValue {
  if (shape === "any" || (shape === "index" && Number.isSafeInteger(value) && Number(value) >= 0)) {
    return value;
  }
  throw mismatch(String(value), shape);
}

const shapeWords = { text: "text", bytes: "bytes", time: "a time", index: "a raft index", any: "anything" };

function mismatch(found: string, shape: Shape): Undecodable {
  const wanted = typeof shape === "string" ? shapeWords[shape] : `a ${shape.kind}`;
  return new Undecodable(`${found} stands where ${wanted} should.`);
}

export function isFields(value: FieldValue | undefined): value is RecordFields {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}
