// Writes an archive of a million small keys: 1,000 folders of 900 keys, and one of 100,000. Its records are put
// together here, byte by byte, because encoding a million objects takes a minute.
import { writeFileSync } from "node:fs";
import { encodeMsgpack, writeArchive } from "#core/testing/archive-writer.ts";

const [file = ""] = process.argv.slice(2);
const kvsType = 2;

function raw(text: string): Buffer {
  const bytes = Buffer.from(text);
  // Both kinds of string have less than 32 bytes here, so the length is in the first byte.
  return Buffer.concat([Buffer.from([0xa0 + bytes.length]), bytes]);
}

const field = {
  start: Buffer.concat([Buffer.from([kvsType, 0x87]), raw("CreateIndex")]),
  key: Buffer.concat([raw("Flags"), Buffer.from([0]), raw("Key")]),
  modified: Buffer.concat([raw("LockIndex"), Buffer.from([0]), raw("ModifyIndex")]),
  value: Buffer.concat([raw("Session"), raw(""), raw("Value")]),
};

function record(key: string, index: number): Buffer {
  const number = Buffer.alloc(5);
  number[0] = 0xce;
  number.writeUInt32BE(index, 1);
  return Buffer.concat([
    field.start,
    number,
    field.key,
    raw(key),
    field.modified,
    number,
    field.value,
    raw(`value ${index}`),
  ]);
}

const padded = (number: number, digits: number) => String(number).padStart(digits, "0");
const pieces: Buffer[] = [encodeMsgpack({ LastIndex: 1_000_000 })];
for (let at = 0; at < 900_000; at++) {
  pieces.push(record(`apps/team-${padded(Math.floor(at / 900), 4)}/key-${padded(at % 900, 4)}`, at + 1));
}
for (let at = 0; at < 100_000; at++) pieces.push(record(`flat/key-${padded(at, 6)}`, 900_001 + at));
writeFileSync(file, writeArchive({ state: Buffer.concat(pieces) }));
