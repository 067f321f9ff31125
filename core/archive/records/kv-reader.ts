import {
  lengthBytesByLead,
  msgpackNeverUsed,
  payloadBytesByLead,
  payloadBytesOf,
  valuesByLead,
  valuesOf,
} from "../state/msgpack-lead.ts";

const names = [
  "CreateIndex",
  "Flags",
  "Key",
  "LockIndex",
  "ModifyIndex",
  "Namespace",
  "Partition",
  "Session",
  "Value",
] as const;
type KvField = (typeof names)[number];
const encodedNames: readonly { readonly name: KvField; readonly bytes: Uint8Array }[] = names.map((name) => ({
  name,
  bytes: Buffer.from(name, "latin1"),
}));
/** Every name stands in the place that its length and first letter give, so one comparison finds it. */
const nameByHint: readonly ((typeof encodedNames)[number] | undefined)[] = Array.from(
  { length: 16 * 128 },
  (_, hint) => encodedNames.find(({ bytes }) => bytes.length * 128 + (bytes[0] ?? 0) === hint),
);

/** The end of a record that is cut, odd or not what Consul writes. */
const notRead = -1;
const indexHighMax = 2 ** 21;

/**
 * Reads KVS records where they stand, copying nothing: there can be millions, and their values are most of a
 * snapshot's bytes. The fields hold the last record that `read` took, as places in its bytes.
 */
export class KvReader {
  keyFrom = 0;
  keyTo = 0;
  valueFrom = 0;
  valueBytes = 0;
  hasValue = false;
  sessionFrom = 0;
  sessionTo = 0;
  namespaceFrom = 0;
  namespaceTo = 0;
  partitionFrom = 0;
  partitionTo = 0;
  createIndex = 0;
  modifyIndex = 0;
  lockIndex = 0;
  flagsHigh = 0;
  flagsLow = 0;

  #bytes: Uint8Array = new Uint8Array();
  #end = 0;
  #holeAt = -1;
  #intHigh = 0;
  #intLow = 0;
  #rawFrom = 0;
  #rawBytes = 0;
  #rawIsNil = false;

  /**
   * Reads the record whose map begins at `at`, and returns where it ends: -1 when it is not whole before `end`, or
   * when one of its fields has a value that Consul could not load.
   *
   * @param holeAt where the bytes of a string were left out of `bytes`; -1 for nowhere
   */
  read(bytes: Uint8Array, at: number, end: number, holeAt: number): number {
    this.#bytes = bytes;
    this.#end = end;
    this.#holeAt = holeAt;
    this.#clear();
    if (at >= end) {
      return notRead;
    }
    const lead = bytes[at] ?? 0;
    const lengthBytes = lead === 0xde ? 2 : lead === 0xdf ? 4 : 0;
    if (lengthBytes === 0 && (lead & 0xf0) !== 0x80) {
      return notRead;
    }
    let next = at + 1 + lengthBytes;
    if (next > end) {
      return notRead;
    }
    let fieldsLeft = lengthBytes === 0 ? lead & 0x0f : readLength(bytes, at + 1, lengthBytes);
    for (; fieldsLeft > 0; fieldsLeft--) {
      next = this.#field(next);
      if (next === notRead) {
        return notRead;
      }
    }
    return next;
  }

  #clear(): void {
    this.keyFrom = this.keyTo = 0;
    this.valueFrom = this.valueBytes = 0;
    this.hasValue = false;
    this.sessionFrom = this.sessionTo = 0;
    this.namespaceFrom = this.namespaceTo = 0;
    this.partitionFrom = this.partitionTo = 0;
    this.createIndex = this.modifyIndex = this.lockIndex = 0;
    this.flagsHigh = this.flagsLow = 0;
  }

  #field(at: number): number {
    const bytes = this.#bytes;
    const lead = at < this.#end ? (bytes[at] ?? 0) : 0;
    if (lead < 0xa3 || lead > 0xab) {
      return this.#isOddName(at, lead) ? notRead : this.#skip(at, 2);
    }
    const nameBytes = lead - 0xa0;
    const next = at + 1 + nameBytes;
    if (next >= this.#end) {
      return notRead;
    }
    const first = bytes[at + 1] ?? 0;
    const field = first < 128 ? nameByHint[nameBytes * 128 + first] : undefined;
    if (field === undefined || !matches(bytes, at + 1, field.bytes)) {
      return this.#skip(next, 1);
    }
    return this.#known(field.name, next);
  }

  /** A short name in one of the longer forms, which no encoder writes: Consul might see a field where we do not. */
  #isOddName(at: number, lead: number): boolean {
    if ((lead < 0xd9 || lead > 0xdb) && (lead < 0xc4 || lead > 0xc6)) {
      return false;
    }
    const lengthBytes = lengthBytesByLead[lead] ?? 0;
    return at + 1 + lengthBytes > this.#end || readLength(this.#bytes, at + 1, lengthBytes) < 32;
  }

  #known(name: KvField, at: number): number {
    let next = notRead;
    switch (name) {
      case "CreateIndex":
        next = this.#index(at);
        this.createIndex = this.#intHigh * 2 ** 32 + this.#intLow;
        return next;
      case "ModifyIndex":
        next = this.#index(at);
        this.modifyIndex = this.#intHigh * 2 ** 32 + this.#intLow;
        return next;
      case "LockIndex":
        next = this.#index(at);
        this.lockIndex = this.#intHigh * 2 ** 32 + this.#intLow;
        return next;
      case "Flags":
        next = this.#integer(at);
        this.flagsHigh = this.#intHigh;
        this.flagsLow = this.#intLow;
        return next;
      case "Key":
        next = this.#raw(at);
        this.keyFrom = this.#rawFrom;
        this.keyTo = next;
        return next;
      case "Value":
        next = this.#raw(at);
        this.valueFrom = this.#rawFrom;
        this.valueBytes = this.#rawBytes;
        this.hasValue = !this.#rawIsNil;
        return next;
      case "Session":
        next = this.#raw(at);
        this.sessionFrom = this.#rawFrom;
        this.sessionTo = next;
        return next;
      case "Namespace":
        next = this.#raw(at);
        this.namespaceFrom = this.#rawFrom;
        this.namespaceTo = next;
        return next;
      case "Partition":
        next = this.#raw(at);
        this.partitionFrom = this.#rawFrom;
        this.partitionTo = next;
        return next;
      default:
        return name satisfies never;
    }
  }

  /** A string, bytes or nil. */
  #raw(at: number): number {
    if (at >= this.#end) {
      return notRead;
    }
    const lead = this.#bytes[at] ?? 0;
    let from = at + 1;
    let length = 0;
    this.#rawIsNil = lead === 0xc0;
    if (lead >= 0xa0 && lead <= 0xbf) {
      length = lead - 0xa0;
    } else if ((lead >= 0xd9 && lead <= 0xdb) || (lead >= 0xc4 && lead <= 0xc6)) {
      const lengthBytes = lengthBytesByLead[lead] ?? 0;
      from += lengthBytes;
      if (from > this.#end) {
        return notRead;
      }
      length = readLength(this.#bytes, at + 1, lengthBytes);
    } else if (lead !== 0xc0) {
      return notRead;
    }
    this.#rawFrom = from;
    this.#rawBytes = length;
    const to = from === this.#holeAt ? from : from + length;
    return to > this.#end ? notRead : to;
  }

  /** An integer that every number in JavaScript holds exactly. */
  #index(at: number): number {
    const next = this.#integer(at);
    return this.#intHigh < indexHighMax ? next : notRead;
  }

  /** An integer from 0 to 2^64 - 1, or nil for 0. */
  #integer(at: number): number {
    this.#intHigh = 0;
    this.#intLow = 0;
    const lead = at < this.#end ? (this.#bytes[at] ?? 0) : 0xff;
    if (lead < 0x80) {
      this.#intLow = lead;
      return at + 1;
    }
    if (lead === 0xc0) {
      return at + 1;
    }
    if (lead < 0xcc || lead > 0xd3) {
      return notRead;
    }
    const size = 1 << ((lead - 0xcc) & 3);
    const next = at + 1 + size;
    // Signed forms hold what Consul calls unsigned only where they are not negative.
    if (next > this.#end || (lead >= 0xd0 && (this.#bytes[at + 1] ?? 0) >= 0x80)) {
      return notRead;
    }
    if (size === 8) {
      this.#intHigh = readLength(this.#bytes, at + 1, 4);
      this.#intLow = readLength(this.#bytes, at + 5, 4);
    } else {
      this.#intLow = readLength(this.#bytes, at + 1, size);
    }
    return next;
  }

  /** Steps over `count` values of any kind. */
  #skip(at: number, count: number): number {
    let next = at;
    let valuesLeft = count;
    while (valuesLeft > 0) {
      const lead = next < this.#end ? (this.#bytes[next] ?? 0) : msgpackNeverUsed;
      const lengthBytes = lengthBytesByLead[lead] ?? 0;
      if (lead === msgpackNeverUsed || next + 1 + lengthBytes > this.#end) {
        return notRead;
      }
      const length = readLength(this.#bytes, next + 1, lengthBytes);
      next += 1 + lengthBytes;
      valuesLeft += lengthBytes === 0 ? (valuesByLead[lead] ?? 0) : valuesOf(lead, length);
      valuesLeft -= 1;
      if (next !== this.#holeAt || length === 0) {
        next += lengthBytes === 0 ? (payloadBytesByLead[lead] ?? 0) : payloadBytesOf(lead, length);
      }
      if (next > this.#end) {
        return notRead;
      }
    }
    return next;
  }
}

function readLength(bytes: Uint8Array, at: number, count: number): number {
  let length = 0;
  for (let end = at + count, next = at; next < end; next++) {
    length = length * 256 + (bytes[next] ?? 0);
  }
  return length;
}

function matches(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let index = 1; index < wanted.length; index++) {
    if (bytes[at + index] !== wanted[index]) {
      return false;
    }
  }
  return true;
}
