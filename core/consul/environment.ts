import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { Env } from "#core/kernel/env.ts";
import { AppError, isAppError } from "#core/kernel/errors.ts";
import { parseConsulAddress } from "./address.ts";
import type { ConsulConnection } from "./connection.ts";

function readFile(variable: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw unreadable(variable, "file", cause);
  }
}

function unreadable(variable: string, what: "file" | "folder", cause: unknown): AppError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new AppError({
    code: "invalid_input",
    userMessage: `${variable} names a ${what} that can't be read: ${why}.`,
    cause,
  });
}

/** A value that is a PEM text itself is taken as it is, as Consul's own tools do. */
function readPem(variable: string, value: string | undefined): string {
  if (value === undefined) return "";
  return value.includes("-----BEGIN") ? value : readFile(variable, value);
}

/** Certificate and key may share one file; what goes to screens must not hold the key. */
function certificatesOf(text: string): string {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\r?\n?/g);
  return text.includes("PRIVATE KEY-----") ? (blocks ?? []).join("") : text;
}

/** Like Consul, with the folders below; a link to a file counts, as in a mounted secret. */
function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .map((name) => path.join(folder, name))
      .filter((file) => statSync(file).isFile())
      .sort();
  } catch (cause) {
    throw unreadable("CONSUL_CAPATH", "folder", cause);
  }
}

function readCa(env: Env): string {
  if (env.CONSUL_CACERT !== undefined) return certificatesOf(readPem("CONSUL_CACERT", env.CONSUL_CACERT));
  if (env.CONSUL_CAPATH === undefined) return "";
  const certificates = filesBelow(env.CONSUL_CAPATH)
    .map((file) => readFile("CONSUL_CAPATH", file))
    .filter((text) => text.includes("-----BEGIN CERTIFICATE-----"));
  // Without one, TLS would quietly trust what the system trusts.
  if (certificates.length > 0) return certificates.map(certificatesOf).join("\n");
  throw new AppError({
    code: "invalid_input",
    userMessage: "CONSUL_CAPATH names a folder without a certificate in PEM form.",
  });
}

/**
 * The scheme is written out, so that the row means the same without the variable. As in Consul's command line,
 * CONSUL_HTTP_SSL also turns `http://` into https.
 */
function readAddress(written: string, ssl: boolean): string {
  const [, scheme, rest = written] = /^([a-z]+:\/\/)?(.*)$/i.exec(written) ?? [];
  const known = scheme?.toLowerCase();
  const address =
    known === undefined || known === "http://" ? `${ssl ? "https" : "http"}://${rest}` : written;
  try {
    parseConsulAddress(address);
  } catch (cause) {
    const why = isAppError(cause) ? cause.userMessage : String(cause);
    throw new AppError({ code: "invalid_input", userMessage: `CONSUL_HTTP_ADDR: ${why}`, cause });
  }
  return address;
}

/** A token file that holds something wins over CONSUL_HTTP_TOKEN, as Consul's command line has it. */
function readToken(env: Env): string | null {
  const file = env.CONSUL_HTTP_TOKEN_FILE;
  const fromFile = file === undefined ? "" : readFile("CONSUL_HTTP_TOKEN_FILE", file).trim();
  return fromFile === "" ? (env.CONSUL_HTTP_TOKEN ?? null) : fromFile;
}

/**
 * The connection that Consul's own variables describe, with the meaning they have for its command line.
 * @returns null when CONSUL_HTTP_ADDR is not set.
 * @throws AppError `invalid_input` naming the variable and the file.
 */
export function connectionFromEnv(env: Env): ConsulConnection | null {
  if (env.CONSUL_HTTP_ADDR === undefined) return null;
  return {
    addresses: [readAddress(env.CONSUL_HTTP_ADDR, env.CONSUL_HTTP_SSL ?? false)],
    token: readToken(env),
    caPem: readCa(env),
    clientCertPem: certificatesOf(readPem("CONSUL_CLIENT_CERT", env.CONSUL_CLIENT_CERT)),
    clientKeyPem: readPem("CONSUL_CLIENT_KEY", env.CONSUL_CLIENT_KEY),
    tlsServerName: env.CONSUL_TLS_SERVER_NAME ?? "",
    tlsVerify: env.CONSUL_HTTP_SSL_VERIFY ?? true,
  };
}
