import path from "node:path";
import { fileURLToPath } from "node:url";

export const repoRoot = fileURLToPath(new URL("../..", import.meta.url)).replace(/[/\\]$/, "");

/** An absolute path inside the checkout, wherever the command was started. */
export function inRepo(...parts) {
  return path.join(repoRoot, ...parts);
}

/** A path as a person in the checkout would type it. */
export function shortPath(file) {
  const relative = path.relative(repoRoot, file);
  return relative.startsWith("..") ? file : relative || ".";
}
