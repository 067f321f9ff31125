import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Every file below the given files and folders that `skip(path)` lets through, sorted. Missing ones don't count. */
export function listFiles(root, entries, skip = () => false) {
  const found = [];
  const visit = (name) => {
    if (skip(name)) return;
    const stats = statSync(path.join(root, name), { throwIfNoEntry: false });
    if (stats === undefined) return;
    if (!stats.isDirectory()) {
      found.push(name);
      return;
    }
    for (const child of readdirSync(path.join(root, name))) visit(`${name}/${child}`);
  };
  for (const entry of entries) visit(entry);
  return found.sort();
}

/** A hash over names and contents: a checkout, a copy or a touched file must not cause a new build. */
export function hashFiles(root, files, extra = "") {
  const hash = createHash("sha256").update(extra);
  for (const file of files) {
    const content = readFileSync(path.join(root, file));
    hash.update(`\0${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

export function readStamp(file) {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return null;
  }
}

export function writeStamp(file, stamp) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${stamp}\n`);
}

export function removeStamp(file) {
  rmSync(file, { force: true });
}
