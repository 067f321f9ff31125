import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Env } from "#core/kernel/env.ts";
import { AppError } from "#core/kernel/errors.ts";
import { createSecretBox, type SecretBox } from "#core/kernel/secret-box.ts";

const secretCharsMin = 32;

/** The secret box under SNAPKEEP_SECRET, else under the key file of the data folder. */
export function readMasterKey(env: Env, dataFolder: string): SecretBox {
  return createSecretBox(
    env.SNAPKEEP_SECRET === undefined ? readKeyFile(dataFolder) : checked(env.SNAPKEEP_SECRET),
  );
}

function checked(secret: string): string {
  if (secret.length >= secretCharsMin) return secret;
  throw new AppError({
    code: "invalid_input",
    userMessage: `SNAPKEEP_SECRET needs at least ${secretCharsMin} characters.`,
  });
}

/** A key made at the first start, readable by nobody else. Losing it loses the stored Consul tokens, no snapshot. */
function readKeyFile(dataFolder: string): string {
  const file = path.join(dataFolder, "secret.key");
  if (!existsSync(file))
    writeFileSync(file, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
  chmodSync(file, 0o600);
  return checked(readFileSync(file, "utf8").trim());
}
