import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { completeLock, missingOptionals } from "./lock-file.mjs";
import { inRepo } from "./paths.mjs";

describe("package-lock.json", () => {
  it("names every optional package, so that `npm ci` takes it on each platform (else: node scripts/lock.mjs)", () => {
    const lock = JSON.parse(readFileSync(inRepo("package-lock.json"), "utf8"));
    expect(missingOptionals(lock).map(({ name }) => name)).toEqual([]);
  });

  it("names no host of a registry", () => {
    expect(readFileSync(inRepo("package-lock.json"), "utf8")).not.toMatch(/"resolved":/);
  });
});

describe("completing a lock file", () => {
  const optionalDependencies = {
    "@tool/cli-linux-x64": "1.2.3",
    "@tool/cli-linux-arm64-musl": "1.2.3",
    fsevents: "^2.3.0",
  };
  const lock = {
    packages: {
      "": {},
      "node_modules/tool": { version: "1.2.3", dev: true, optionalDependencies },
      "node_modules/@tool/cli-linux-x64": { version: "1.2.3", optional: true },
    },
  };

  it("adds what a name tells, leaves the rest and says so", () => {
    const completed = completeLock(lock);
    expect(completed.added).toEqual(["@tool/cli-linux-arm64-musl"]);
    expect(completed.unknown).toEqual(["fsevents"]);
    expect(completed.lock.packages["node_modules/@tool/cli-linux-arm64-musl"]).toEqual({
      version: "1.2.3",
      cpu: ["arm64"],
      dev: true,
      libc: ["musl"],
      optional: true,
      os: ["linux"],
    });
  });

  it("finds a nested package and one further up alike", () => {
    const nested = {
      packages: {
        "node_modules/a": { optionalDependencies: { "b-linux-x64": "1.0.0" } },
        "node_modules/a/node_modules/b-linux-x64": { version: "1.0.0" },
        "node_modules/a/node_modules/c": { optionalDependencies: { "b-linux-x64": "1.0.0" } },
      },
    };
    expect(missingOptionals(nested)).toEqual([]);
  });
});
