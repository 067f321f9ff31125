// Writes an archive of a million small keys: 1,000 folders of 900 keys, and one of 100,000.
import { writeFileSync } from "node:fs";
import { kvsEntry, writeArchive } from "#core/testing/archive-writer.ts";

const [file = ""] = process.argv.slice(2);
const name = (number: number, digits: number) => String(number).padStart(digits, "0");
const names = [
  ...Array.from(
    { length: 900_000 },
    (_, at) => `apps/team-${name(Math.floor(at / 900), 4)}/key-${name(at % 900, 4)}`,
  ),
  ...Array.from({ length: 100_000 }, (_, at) => `flat/key-${name(at, 6)}`),
];
const records = names.map((key, at) => ({
  type: 2,
  value: kvsEntry(key, Buffer.from(`value ${at}`), at + 1),
}));
writeFileSync(file, writeArchive({ records }));
