import { describe, expect, it } from "vitest";
import { AppError } from "./errors.ts";
import { createLogger } from "./logger.ts";

const secret = "11111111-2222-3333-4444-555555555555";
const names = [
  "token",
  "password",
  "newPassword",
  "currentPassword",
  "recoveryCode",
  "recoveryCodes",
  "secret",
  "clientSecret",
  "accessToken",
  "idToken",
  "refreshToken",
  "setupToken",
  "clientKeyPem",
  "authorization",
  "cookie",
  "set-cookie",
  "setCookies",
  "x-consul-token",
  "X-Consul-Token",
];

function listen(level = "debug") {
  const lines: string[] = [];
  return { log: createLogger(level, { write: (line) => void lines.push(line) }), lines };
}

describe("nothing secret is in a log line", () => {
  it.each(names)("under the name %s, at the top, one level down and two", (name) => {
    const { log, lines } = listen();
    const held = { [name]: secret, kept: "kept" };
    log.info(held, "at the top");
    log.info({ input: held }, "one level down");
    log.info({ request: { headers: held } }, "two levels down");
    log.child({ request: held }).warn("in a child's bindings");
    expect(lines).toHaveLength(4);
    for (const line of lines) {
      expect(line).not.toContain(secret);
      expect(line).toContain("[redacted]");
      expect(line).toContain("kept");
    }
  });

  it("in an error's own properties, and the error's cause is told without its properties", () => {
    const { log, lines } = listen();
    const cause = Object.assign(new Error("refused"), { token: secret, headers: { authorization: secret } });
    log.error({ err: cause }, "failed");
    log.error({ err: new AppError({ code: "internal", userMessage: "wrong", cause }) }, "failed");
    for (const line of lines) expect(line).not.toContain(secret);
    expect(lines[1]).toContain("refused");
  });

  it("when it has to be logged whole: the caller's object stays as it was", () => {
    const { log } = listen();
    const input = { token: secret };
    log.info({ input }, "used");
    expect(input.token).toBe(secret);
  });
});

it("a line is JSON with a time, a level by name and no host or process", () => {
  const { log, lines } = listen();
  log.warn({ snapshotId: "s-1" }, "take failed");
  const line = JSON.parse(lines[0] ?? "") as Record<string, unknown>;
  expect(Object.keys(line).sort()).toEqual(["level", "msg", "snapshotId", "time"]);
  expect(line.level).toBe("warn");
});

it("what is below the level isn't written", () => {
  const { log, lines } = listen("warn");
  log.info("quiet");
  expect(lines).toEqual([]);
});
