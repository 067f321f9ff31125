import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { ConsulConnection } from "#core/consul/index.ts";
import type { Env } from "#core/kernel/env.ts";
import { AppError } from "#core/kernel/errors.ts";

function readFile(variable: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AppError({
      code: "invalid_input",
      userMessage: `${variable} names a file that can't be read: ${why}.`,
      cause,
    });
  }
}

/** A value that is a PEM text itself is taken as it is, as Consul's own tools do. */
function readPem(variable: string, value: string | undefined): string {
  if (value === undefined) return "";
  return value.includes("-----BEGIN") ? value : readFile(variable, value);
}

function readCa(env: Env): string {
  if (env.CONSUL_CACERT !== undefined) return readPem("CONSUL_CACERT", env.CONSUL_CACERT);
  if (env.CONSUL_CAPATH === undefined) return "";
  const folder = env.CONSUL_CAPATH;
  return readdirSync(folder)
    .sort()
    .map((name) => readFile("CONSUL_CAPATH", path.join(folder, name)))
    .filter((text) => text.includes("-----BEGIN"))
    .join("\n");
}

/**
 * The connection that Consul's own variables describe, with the meaning they have for its command line:
 * CONSUL_HTTP_TOKEN wins over CONSUL_HTTP_TOKEN_FILE, CONSUL_HTTP_SSL makes a bare address https.
 * @returns null when CONSUL_HTTP_ADDR is not set.
 * @throws AppError `invalid_input` naming the variable and the file.
 */
export function connectionFromEnv(env: Env): ConsulConnection | null {
  if (env.CONSUL_HTTP_ADDR === undefined) return null;
  const forceTls = env.CONSUL_HTTP_SSL ?? false;
  const bare = !/^(?:https?|unix):\/\//i.test(env.CONSUL_HTTP_ADDR);
  const tokenFile = env.CONSUL_HTTP_TOKEN_FILE;
  const token =
    env.CONSUL_HTTP_TOKEN ??
    (tokenFile === undefined ? undefined : readFile("CONSUL_HTTP_TOKEN_FILE", tokenFile).trim());
  return {
    // The scheme is written out, so that the row means the same without the variable.
    addresses: [bare && forceTls ? `https://${env.CONSUL_HTTP_ADDR}` : env.CONSUL_HTTP_ADDR],
    token: token === undefined || token === "" ? null : token,
    caPem: readCa(env),
    clientCertPem: readPem("CONSUL_CLIENT_CERT", env.CONSUL_CLIENT_CERT),
    clientKeyPem: readPem("CONSUL_CLIENT_KEY", env.CONSUL_CLIENT_KEY),
    tlsServerName: env.CONSUL_TLS_SERVER_NAME ?? "",
    tlsVerify: env.CONSUL_HTTP_SSL_VERIFY ?? true,
  };
}
