// node scripts/lock.mjs: after an `npm install` that changed package-lock.json, adds the packages for other
// platforms that the registry at hand could not name. Without them `npm ci` fails from a clean clone.
import { readFileSync, writeFileSync } from "node:fs";
import { completeLock } from "./lib/lock-file.mjs";
import { inRepo } from "./lib/paths.mjs";

const file = inRepo("package-lock.json");
const { lock, added, unknown } = completeLock(JSON.parse(readFileSync(file, "utf8")));
if (added.length > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length === 0 ? "Nothing to add." : `Added ${added.length}: ${added.join(", ")}`);
if (unknown.length > 0) {
  console.error(`Only a full registry can tell about ${unknown.join(", ")}. Run npm install against one.`);
  process.exitCode = 1;
}
