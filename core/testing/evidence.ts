import { appendFileSync } from "node:fs";
import path from "node:path";

// What a test run leaves for its last check (scripts/lib/secrets-check.mjs): everything that was logged, and every
// secret that was used, so that none of the second is found in the first or in the code that browsers get.

const folder = process.env.TEST_EVIDENCE;

function keep(kind: "log" | "secrets", text: string): void {
  if (folder !== undefined) appendFileSync(path.join(folder, `${process.pid}.${kind}`), text);
}

export function keepLog(text: string): void {
  keep("log", text);
}

/** @returns the secret, so that it can be noted where it is made. */
export function noteSecret<T extends string>(secret: T): T {
  keep("secrets", `${JSON.stringify(secret)}\n`);
  return secret;
}
