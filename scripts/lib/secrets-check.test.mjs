import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { checkSecrets, findSecrets, readSecrets } from "./secrets-check.mjs";

const folder = mkdtempSync(path.join(tmpdir(), "snapkeep-evidence-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name, text) => {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
};

it("finds a secret as it is, in JSON and in an address, and says where without saying it", () => {
  const secrets = readSecrets([
    write("1.secrets", `${JSON.stringify('pass "word" +1')}\n${JSON.stringify("short")}\n`),
  ]);
  const log = write("1.log", `{"a":"pass \\"word\\" +1"}\n/x?t=pass%20%22word%22%20%2B1\n`);
  const found = findSecrets(secrets, [log]);
  expect(found.length).toBe(2);
  expect(JSON.stringify(found)).not.toContain("word");
});

it("finds nothing where nothing is, and doesn't pass when there is nothing to look at", () => {
  const secrets = readSecrets([write("2.secrets", `${JSON.stringify("a long secret")}\n`)]);
  expect(findSecrets(secrets, [write("2.log", "quiet\n")])).toEqual([]);
  const empty = mkdtempSync(path.join(tmpdir(), "snapkeep-evidence-"));
  expect(checkSecrets("secrets", empty)).toMatchObject({ failed: 1 });
  rmSync(empty, { recursive: true, force: true });
});
