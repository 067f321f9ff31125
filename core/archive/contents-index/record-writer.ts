import type { OtherRecord, RecordKind } from "../records/visitor.ts";
import { redactRecord } from "../redaction/redact-record.ts";
import type { Seal } from "../redaction/redacted-value.ts";
import { type BlockSink, writePlace } from "./blocks.ts";
import { ByteWriter } from "./byte-writer.ts";
import { fieldBytesMax, recordBlockCharsFull, recordBlockRecordsMax } from "./limits.ts";
import { encodeFields } from "./record-json.ts";

/** Writes the records of one kind, in the order in which they come, into blocks of lines of JSON. */
export type KindWriter = {
  readonly add: (record: OtherRecord) => void;
  /** Ends the last block and writes the kind's part of the directory. */
  readonly finish: (directory: ByteWriter) => void;
};

/** Records are redacted before anything else is done with them: no secret stands in the index, not even cut. */
export function createKindWriter(kind: RecordKind, sink: BlockSink, seal: Seal): KindWriter {
  const rows = new ByteWriter();
  let lines: string[] = [];
  let chars = 0;
  let count = 0;
  let bytes = 0;
  let blocks = 0;
  let nextPosition = 0;
  const endBlock = () => {
    if (lines.length === 0) return;
    nextPosition = writePlace(rows, sink.write(Buffer.from(lines.join("\n"), "utf8")), nextPosition);
    rows.varint(lines.length);
    blocks += 1;
    lines = [];
    chars = 0;
  };
  return {
    add: (record) => {
      const line = toLine(record, seal);
      lines.push(line);
      chars += line.length;
      count += 1;
      bytes += record.bytes;
      if (chars >= recordBlockCharsFull || lines.length >= recordBlockRecordsMax) endBlock();
    },
    finish: (directory) => {
      endBlock();
      directory.text(kind);
      directory.varint(count);
      directory.varint(bytes);
      directory.varint(blocks);
      directory.raw(rows.view());
    },
  };
}

function toLine(record: OtherRecord, seal: Seal): string {
  const { identity, fields } = redactRecord(record, seal);
  const shortIdentity =
    identity.length > fieldBytesMax / 4 ? `${identity.slice(0, fieldBytesMax / 4)}…` : identity;
  const head = JSON.stringify([shortIdentity, record.type, record.typeName, record.offset, record.bytes]);
  return `${head.slice(0, -1)},${encodeFields(fields)}]`;
}
