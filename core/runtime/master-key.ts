import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Env } from "#core/kernel/env.ts";
import { AppError } from "#core/kernel/errors.ts";
import { createSecretBox, type SecretBox } from "#core/kernel/secret-box.ts";

const secretCharsMin = 32;

/**
 * The secret box under SNAPKEEP_SECRET, else under the key file of the data folder.
 * @param mayCreate false: a missing key file is refused. Made by a command beside a server that has SNAPKEEP_SECRET, it
 * would be another key, and what is sealed under it would break the audit log's chain.
 */
export function readMasterKey(env: Env, dataFolder: string, mayCreate: boolean): SecretBox {
  return createSecretBox(
    env.SNAPKEEP_SECRET === undefined ? readKeyFile(dataFolder, mayCreate) : checked(env.SNAPKEEP_SECRET),
  );
}

/** A fingerprint of the key, by which the records know it. */
export const markOf = (box: SecretBox): string => box.sign("key-mark", "snapkeep");

function checked(secret: string): string {
  if (secret.length >= secretCharsMin) return secret;
  throw new AppError({
    code: "invalid_input",
    userMessage: `SNAPKEEP_SECRET needs at least ${secretCharsMin} characters.`,
  });
}

/** A key made at the first start, readable by nobody else. Losing it loses the stored Consul tokens, no snapshot. */
function readKeyFile(dataFolder: string, mayCreate: boolean): string {
  const file = path.join(dataFolder, "secret.key");
  if (!existsSync(file) && !mayCreate) throw otherKey(dataFolder);
  if (!existsSync(file))
    writeFileSync(file, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
  chmodSync(file, 0o600);
  return checked(readFileSync(file, "utf8").trim());
}

/** For a command that has not the key of the records it should work on. */
export function otherKey(dataFolder: string): AppError {
  return new AppError({
    code: "conflict",
    userMessage: `The records in ${dataFolder} belong to another key. Give SNAPKEEP_SECRET the value that the server has.`,
  });
}
