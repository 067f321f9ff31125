import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readEnv } from "#core/kernel/env.ts";
import { isAppError } from "#core/kernel/errors.ts";
import { makeTempFolder, removeTempFolder } from "../testing/leftovers.ts";
import { connectionFromEnv } from "./environment.ts";

const pem = (name: string, kind = "CERTIFICATE") =>
  `-----BEGIN ${kind}-----\n${name}\n-----END ${kind}-----\n`;
let folder: string;
const at = (...parts: string[]) => path.join(folder, ...parts);

beforeAll(() => {
  folder = makeTempFolder("snapkeep-env-");
  writeFileSync(at("token"), "from-file\n");
  writeFileSync(at("empty"), "\n");
  writeFileSync(at("ca.pem"), pem("ca"));
  writeFileSync(at("key.pem"), pem("key", "EC PRIVATE KEY"));
  writeFileSync(at("both.pem"), `${pem("key", "EC PRIVATE KEY")}${pem("cert")}${pem("intermediate")}`);
  mkdirSync(at("cas", "more"), { recursive: true });
  writeFileSync(at("cas", "b.pem"), pem("b"));
  writeFileSync(at("cas", "more", "c.pem"), pem("c"));
  writeFileSync(at("cas", "README"), "not a certificate");
  symlinkSync("../ca.pem", at("cas", "a.pem"));
  mkdirSync(at("none"));
});
afterAll(() => removeTempFolder(folder));

const addr = { CONSUL_HTTP_ADDR: "127.0.0.1:8500" };
const read = (source: Record<string, string>) => connectionFromEnv(readEnv({ ...addr, ...source }));

function refusal(source: Record<string, string>): string {
  try {
    read(source);
  } catch (error) {
    if (!isAppError(error)) throw error;
    return `${error.code}: ${error.userMessage}`;
  }
  return "taken";
}

describe("the connection of CONSUL_* means what it means to the consul command", () => {
  it("is none without an address", () => {
    expect(connectionFromEnv(readEnv({ CONSUL_HTTP_TOKEN: "t" }))).toBeNull();
  });

  it("is plain, verified and anonymous with an address alone", () => {
    expect(read({})).toEqual({
      addresses: ["http://127.0.0.1:8500"],
      token: null,
      caPem: "",
      clientCertPem: "",
      clientKeyPem: "",
      tlsServerName: "",
      tlsVerify: true,
    });
  });

  it.each([
    ["127.0.0.1:8501", "true", "https://127.0.0.1:8501"],
    ["consul.internal", "false", "http://consul.internal"],
    // Seen with consul 1.8.7: it never goes back to http once TLS was asked for.
    ["http://127.0.0.1:8501", "true", "https://127.0.0.1:8501"],
    ["https://127.0.0.1:8501", "false", "https://127.0.0.1:8501"],
    ["unix:///run/consul.sock", "true", "unix:///run/consul.sock"],
  ])("CONSUL_HTTP_ADDR=%s with CONSUL_HTTP_SSL=%s is %s", (address, ssl, expected) => {
    const connection = read({ CONSUL_HTTP_ADDR: address, CONSUL_HTTP_SSL: ssl });
    expect(connection?.addresses).toEqual([expected]);
  });

  // Seen with consul 1.8.7: a token file that holds something beats CONSUL_HTTP_TOKEN.
  it.each([
    ["token", "from-variable", "from-file"],
    ["empty", "from-variable", "from-variable"],
    ["token", "", "from-file"],
    ["empty", "", null],
  ])("the token file %j beside CONSUL_HTTP_TOKEN=%j gives %j", (file, token, expected) => {
    const source = { CONSUL_HTTP_TOKEN: token, CONSUL_HTTP_TOKEN_FILE: at(file) };
    expect(read(source)?.token).toBe(expected);
  });

  it("reads every certificate of CONSUL_CAPATH, through links and in folders below", () => {
    const ca = read({ CONSUL_CAPATH: at("cas") })?.caPem ?? "";
    expect(ca.match(/^[a-z]+$/gm)).toEqual(["ca", "b", "c"]);
  });

  it("takes CONSUL_CACERT before CONSUL_CAPATH", () => {
    expect(read({ CONSUL_CACERT: at("ca.pem"), CONSUL_CAPATH: at("missing") })?.caPem).toBe(pem("ca"));
  });

  it("takes certificates as text too", () => {
    const connection = read({ CONSUL_CACERT: pem("ca"), CONSUL_CLIENT_KEY: pem("key", "EC PRIVATE KEY") });
    expect(connection?.caPem).toBe(pem("ca").trim());
    expect(connection?.clientKeyPem).toContain("key");
  });

  it("takes the client certificate, its key, the server name and the choice not to verify", () => {
    const connection = read({
      CONSUL_CLIENT_CERT: at("ca.pem"),
      CONSUL_CLIENT_KEY: at("key.pem"),
      CONSUL_TLS_SERVER_NAME: "server.dc1.consul",
      CONSUL_HTTP_SSL_VERIFY: "false",
    });
    expect(connection).toMatchObject({
      clientCertPem: pem("ca"),
      clientKeyPem: pem("key", "EC PRIVATE KEY"),
      tlsServerName: "server.dc1.consul",
      tlsVerify: false,
    });
  });

  it("leaves the key of a combined file out of the certificate, which screens show", () => {
    const connection = read({ CONSUL_CLIENT_CERT: at("both.pem"), CONSUL_CLIENT_KEY: at("both.pem") });
    expect(connection?.clientCertPem).not.toContain("PRIVATE KEY");
    expect(connection?.clientCertPem.match(/^[a-z]+$/gm)).toEqual(["cert", "intermediate"]);
    expect(connection?.clientKeyPem).toContain("PRIVATE KEY");
  });
});

describe("a file that isn't there is told by the name of its variable", () => {
  it.each([
    "CONSUL_HTTP_TOKEN_FILE",
    "CONSUL_CACERT",
    "CONSUL_CAPATH",
    "CONSUL_CLIENT_CERT",
    "CONSUL_CLIENT_KEY",
  ])("%s", (variable) => {
    const said = refusal({ [variable]: at("missing") });
    expect(said).toMatch(
      new RegExp(`^invalid_input: ${variable} names a (file|folder) that can't be read: ENOENT`),
    );
    expect(said).toContain(at("missing"));
  });

  it("a folder without any certificate is told as well, since TLS would silently trust the system's", () => {
    expect(refusal({ CONSUL_CAPATH: at("none") })).toBe(
      "invalid_input: CONSUL_CAPATH names a folder without a certificate in PEM form.",
    );
  });

  it.each(["ftp://host", "host:99999", "unix://relative"])(
    "an address that can't be used (%s) as well",
    (address) => {
      expect(refusal({ CONSUL_HTTP_ADDR: address })).toMatch(
        /^invalid_input: CONSUL_HTTP_ADDR: The address .+ can't be used/,
      );
    },
  );

  it("a folder where a file should be is told too", () => {
    expect(refusal({ CONSUL_CACERT: folder })).toMatch(
      /^invalid_input: CONSUL_CACERT names a file that can't be read: EISDIR/,
    );
  });
});
