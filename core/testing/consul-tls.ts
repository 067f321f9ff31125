import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { findConsul } from "../../scripts/lib/consul-binary.mjs";
import { makeTempFolder, removeTempFolder } from "./leftovers.ts";

const run = promisify(execFile);

export interface CertificateFiles {
  certPath: string;
  keyPath: string;
  certPem: string;
  keyPem: string;
}

export interface ConsulCertificates {
  folder: string;
  ca: CertificateFiles;
  /** Valid for `server.<datacenter>.consul`, `localhost`, 127.0.0.1 and the additional names. */
  server: CertificateFiles;
  /** What a client shows to a server that verifies who comes in. */
  client: CertificateFiles;
  remove(): void;
}

export interface CertificateOptions {
  datacenter?: string;
  dnsNames?: string[];
  ipAddresses?: string[];
}

/** A certificate authority of its own with one server and one client certificate, made by `consul tls`. */
export async function createConsulCertificates(
  options: CertificateOptions = {},
): Promise<ConsulCertificates> {
  const datacenter = options.datacenter ?? "dc1";
  const folder = makeTempFolder("snapkeep-tls-");
  const binary = await findConsul({ fetch: true });
  // `consul tls` knows no output folder: it writes into the current one.
  const consul = (...args: string[]) =>
    run(binary.path, ["tls", ...args], { cwd: folder, env: { NODE_ENV: "test" } });
  try {
    await consul("ca", "create");
    await consul(
      "cert",
      "create",
      "-server",
      `-dc=${datacenter}`,
      ...(options.dnsNames ?? []).map((name) => `-additional-dnsname=${name}`),
      ...(options.ipAddresses ?? []).map((address) => `-additional-ipaddress=${address}`),
    );
    await consul("cert", "create", "-client", `-dc=${datacenter}`);
    return {
      folder,
      ca: await readPair(folder, "consul-agent-ca"),
      server: await readPair(folder, `${datacenter}-server-consul-0`),
      client: await readPair(folder, `${datacenter}-client-consul-0`),
      remove: () => removeTempFolder(folder),
    };
  } catch (error) {
    removeTempFolder(folder);
    throw error;
  }
}

async function readPair(folder: string, name: string): Promise<CertificateFiles> {
  const certPath = path.join(folder, `${name}.pem`);
  const keyPath = path.join(folder, `${name}-key.pem`);
  const [certPem, keyPem] = await Promise.all([readFile(certPath, "utf8"), readFile(keyPath, "utf8")]);
  return { certPath, keyPath, certPem, keyPem };
}
