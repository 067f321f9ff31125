import { describe, expect, it } from "vitest";
import { readEnv } from "./env.ts";

describe("without any variable", () => {
  it("Snapkeep listens on loopback only and keeps its data beside itself", () => {
    expect(readEnv({})).toMatchObject({
      SNAPKEEP_HOST: "127.0.0.1",
      SNAPKEEP_PORT: 8680,
      SNAPKEEP_DATA: ".snapkeep",
      SNAPKEEP_LOG_LEVEL: "info",
      SNAPKEEP_FIRST_BYTE_TIMEOUT_MS: 1_800_000,
      SNAPKEEP_IDLE_TIMEOUT_MS: 300_000,
    });
  });

  it("no secret, no Consul and no switch is set", () => {
    const env = readEnv({});
    const unset = [
      "SNAPKEEP_SECRET",
      "SNAPKEEP_ARCHIVES",
      "SNAPKEEP_BASE_URL",
      "SNAPKEEP_DEV",
      ...consulTexts,
      ...consulSwitches,
    ] as const;
    for (const name of unset) expect(env[name], name).toBeUndefined();
  });
});

const consulTexts = [
  "CONSUL_HTTP_ADDR",
  "CONSUL_HTTP_TOKEN",
  "CONSUL_HTTP_TOKEN_FILE",
  "CONSUL_CACERT",
  "CONSUL_CAPATH",
  "CONSUL_CLIENT_CERT",
  "CONSUL_CLIENT_KEY",
  "CONSUL_TLS_SERVER_NAME",
] as const;
const consulSwitches = ["CONSUL_HTTP_SSL", "CONSUL_HTTP_SSL_VERIFY"] as const;

describe("Consul's variables", () => {
  it.each(consulTexts)(
    "%s is taken without the blanks around it, and a blank one counts as unset",
    (name) => {
      expect(readEnv({ [name]: " a value \n" })[name]).toBe("a value");
      expect(readEnv({ [name]: "  " })[name]).toBeUndefined();
    },
  );

  it.each(consulSwitches)("%s takes what Go's ParseBool takes, and nothing else", (name) => {
    for (const yes of ["1", "t", "T", "TRUE", "true", "True"])
      expect(readEnv({ [name]: yes })[name]).toBe(true);
    for (const no of ["0", "f", "F", "FALSE", "false", "False"])
      expect(readEnv({ [name]: no })[name]).toBe(false);
    expect(readEnv({ [name]: "" })[name]).toBeUndefined();
    for (const wrong of ["yes", "on", "tRUE", "2"]) {
      expect(() => readEnv({ [name]: wrong })).toThrow(`${name}: must be true or false`);
    }
  });
});

describe("Snapkeep's variables", () => {
  it.each([
    ["SNAPKEEP_PORT", "0", 0],
    ["SNAPKEEP_PORT", "65535", 65_535],
    ["SNAPKEEP_FIRST_BYTE_TIMEOUT_MS", "1", 1],
    ["SNAPKEEP_LOG_LEVEL", "silent", "silent"],
    ["SNAPKEEP_HOST", "::1", "::1"],
  ] as const)("%s may be %s", (name, text, value) => {
    expect(readEnv({ [name]: text })[name]).toBe(value);
  });

  it.each([
    ["SNAPKEEP_PORT", "65536"],
    ["SNAPKEEP_PORT", "-1"],
    ["SNAPKEEP_PORT", "http"],
    ["SNAPKEEP_PORT", "86.5"],
    ["SNAPKEEP_FIRST_BYTE_TIMEOUT_MS", "0"],
    ["SNAPKEEP_IDLE_TIMEOUT_MS", "5m"],
    ["SNAPKEEP_LOG_LEVEL", "loud"],
    ["SNAPKEEP_DEV", "maybe"],
  ])("%s=%s is refused by its name", (name, text) => {
    expect(() => readEnv({ [name]: text })).toThrow(
      new RegExp(`The environment is wrong\\. ${name}: .+\\.$`),
    );
  });

  it.each([
    ["SNAPKEEP_PORT", 8680],
    ["SNAPKEEP_LOG_LEVEL", "info"],
    ["SNAPKEEP_IDLE_TIMEOUT_MS", 300_000],
    ["SNAPKEEP_HOST", "127.0.0.1"],
    ["SNAPKEEP_DATA", ".snapkeep"],
  ] as const)("an empty %s, as a compose file writes it, counts as unset", (name, value) => {
    expect(readEnv({ [name]: "" })[name]).toBe(value);
  });

  it("all wrong ones are told at once, and no value is repeated", () => {
    const work = () => readEnv({ SNAPKEEP_PORT: "s3cr3t-a", CONSUL_HTTP_SSL: "s3cr3t-b" });
    expect(work).toThrow(/SNAPKEEP_PORT.*CONSUL_HTTP_SSL/);
    expect(work).not.toThrow(/s3cr3t/);
  });
});
