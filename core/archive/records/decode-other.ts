import { createHash } from "node:crypto";
import { isFields, MsgpackReader, type ValueBudget } from "./msgpack-reader.ts";
import { newFields } from "./new-fields.ts";
import { decodeProto } from "./protobuf.ts";
import { type RecordForm, recordForms } from "./record-forms.ts";
import { configEntryShape } from "./record-shapes.ts";
import { recordTypeName } from "./record-types.ts";
import { Undecodable } from "./undecodable.ts";
import type { FieldValue, OtherRecord, RecordFields } from "./visitor.ts";

/**
 * Decodes a record that is no KVS record: `bytes` from its type byte to its end.
 *
 * @throws Undecodable
 */
export function decodeOther(bytes: Buffer, offset: number, valuesMax: number): OtherRecord {
  const type = bytes[0] ?? 0;
  const form = recordForms.get(type);
  if (form === undefined) {
    return decodeUnknown(bytes, offset, valuesMax);
  }
  try {
    const fields = readContent(bytes, form.content, { valuesLeft: valuesMax });
    const { kind, identity } = form.describe(fields);
    return { type, offset, bytes: bytes.length, typeName: recordTypeName(type), kind, identity, fields };
  } catch (error) {
    if (form.isGuess && error instanceof Undecodable) {
      return decodeUnknown(bytes, offset, valuesMax);
    }
    throw error;
  }
}

/** Nothing tells what its name could be, and two that are the same to the byte need not be told apart. */
function decodeUnknown(bytes: Buffer, offset: number, valuesMax: number): OtherRecord {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  const type = bytes[0] ?? 0;
  const typeName = recordTypeName(type);
  return {
    type,
    offset,
    bytes: bytes.length,
    typeName,
    kind: "unknown",
    identity: `${typeName}/sha256:${hash}`,
    fields: toFields(readWhole(bytes, "any", { valuesLeft: valuesMax }), "Value"),
  };
}

function readContent(bytes: Buffer, content: RecordForm["content"], budget: ValueBudget): RecordFields {
  if (content === "config-entry") {
    return readConfigEntry(readBlob(bytes, budget), budget);
  }
  if ("proto" in content) {
    return decodeProto(readBlob(bytes, budget), content.proto, budget);
  }
  return toFields(readWhole(bytes, content.shape, budget), "Updates");
}

function readWhole(
  bytes: Buffer,
  shape: Parameters<MsgpackReader["value"]>[0],
  budget: ValueBudget,
): FieldValue {
  const reader = new MsgpackReader(bytes, 1, bytes.length, budget);
  const value = reader.value(shape);
  if (!reader.atEnd()) {
    throw new Undecodable("bytes follow its value.");
  }
  return value;
}

function readBlob(bytes: Buffer, budget: ValueBudget): Buffer {
  const blob = readWhole(bytes, "bytes", budget);
  if (!(blob instanceof Uint8Array)) {
    throw new Undecodable("it is not packed into text.");
  }
  return Buffer.from(blob.buffer, blob.byteOffset, blob.length);
}

/** The kind, then the request that wrote the entry. Not every entry repeats its kind, so it stands beside. */
function readConfigEntry(blob: Buffer, budget: ValueBudget): RecordFields {
  const reader = new MsgpackReader(blob, 0, blob.length, budget);
  const kind = reader.value("text");
  const request = reader.value(configEntryShape);
  if (!reader.atEnd()) {
    throw new Undecodable("bytes follow its entry.");
  }
  return Object.assign(newFields(), { Kind: kind }, toFields(request, "Entry"));
}

/** What is no structure of its own stands under `name`. */
function toFields(value: FieldValue, name: string): RecordFields {
  if (isFields(value)) {
    return value;
  }
  return Object.assign(newFields(), value === null ? {} : { [name]: value });
}
