import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isNodeNewEnough, lockAgrees } from "./bootstrap.mjs";
import { explainInstallFailure, ownHeaders } from "./install.mjs";
import { hashFiles, listFiles } from "./stamp.mjs";

let folder;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "snapkeep-bootstrap-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name, text) {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), text);
}

describe("the Node version", () => {
  it("is enough from 20.19 on", () => {
    expect(["20.19.0", "20.20.2", "22.1.0", "24.0.0"].every(isNodeNewEnough)).toBe(true);
    expect(["18.20.0", "20.18.3", "16.0.0"].some(isNodeNewEnough)).toBe(false);
  });
});

describe("installed packages", () => {
  const wanted = { "": {}, "node_modules/a": { version: "1.0.0", integrity: "x" } };

  it("agree with the lock file when each package is there in its version", () => {
    expect(lockAgrees(wanted, { "node_modules/a": { version: "1.0.0", integrity: "x" } })).toBe(true);
    expect(lockAgrees(wanted, { "node_modules/a": { version: "1.0.1", integrity: "y" } })).toBe(false);
    expect(lockAgrees(wanted, {})).toBe(false);
  });

  it("may lack what is for another platform", () => {
    const optional = { ...wanted, "node_modules/b": { version: "1.0.0", optional: true } };
    expect(lockAgrees(optional, { "node_modules/a": { version: "1.0.0", integrity: "x" } })).toBe(true);
  });

  it("are built with Node's own headers only where these are of the running version", () => {
    write("bin/node", "");
    expect(ownHeaders(path.join(folder, "bin/node"), "115")).toBeNull();
    write("include/node/node.h", "");
    write("include/node/node_version.h", "#define NODE_MODULE_VERSION 115\n");
    expect(ownHeaders(path.join(folder, "bin/node"), "115")).toBe(folder);
    expect(ownHeaders(path.join(folder, "bin/node"), "127")).toBeNull();
  });
});

describe("a failed installation", () => {
  it("names the missing compiler", () => {
    const text = explainInstallFailure("npm error gyp ERR! find Python", ["python3", "make"]);
    expect(text).toContain("missing: python3, make.");
    expect(text).toContain("apt-get install python3 make g++");
    expect(explainInstallFailure("gyp ERR! Could not find any Python", [])).toContain("missing: python3.");
  });

  it("names the network, the disk, or the rights", () => {
    expect(explainInstallFailure("npm error code ENOTFOUND", [])).toContain("does not reach its registry");
    expect(explainInstallFailure("npm error code ENOSPC", [])).toContain("disk is full");
    expect(explainInstallFailure("npm error code EACCES", [])).toContain("may not write");
  });
});

describe("the stamp of a build", () => {
  it("changes with a file's content or name, and with nothing else", () => {
    write("app/a.ts", "one");
    write("app/a.test.ts", "test");
    const isTest = (name) => name.endsWith(".test.ts");
    const stamp = () => hashFiles(folder, listFiles(folder, ["app", "absent"], isTest));
    const first = stamp();
    write("app/a.ts", "one");
    write("app/a.test.ts", "another test");
    expect(stamp()).toBe(first);
    write("app/a.ts", "two");
    const second = stamp();
    expect(second).not.toBe(first);
    write("app/b.ts", "");
    expect(stamp()).not.toBe(second);
  });
});
