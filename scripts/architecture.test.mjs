import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inRepo } from "./lib/paths.mjs";

/**
 * A checker that resolves nothing reports nothing. Each of these files breaks one rule, in a small copy of the
 * layout below the temporary folder, and the checker must say so.
 */
const files = {
  "core/kernel/errors.ts": "export const e = 1;",
  "core/kernel/upward.ts": 'import { r } from "#core/runtime/index.ts"; export const a = r;',
  "core/consul/index.ts": 'export { sibling } from "./sibling.ts";',
  "core/consul/sibling.ts": 'import { i } from "../archive/index.ts"; export const sibling = i;',
  "core/archive/index.ts": 'export { i } from "./inner.ts";',
  "core/archive/inner.ts": "export const i = 1;",
  "core/snapshots/index.ts": 'import { i } from "#core/archive/inner.ts"; export const s = i;',
  "core/snapshots/prisma.ts":
    'import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3"; export const p = PrismaBetterSqlite3;',
  "core/snapshots/framework.ts": 'import type { ReactNode } from "react"; export type N = ReactNode;',
  "core/snapshots/fake.ts": 'import { f } from "#core/testing/fake.ts"; export const x = f;',
  "core/testing/fake.ts": "export const f = 1;",
  "core/runtime/index.ts": 'import { d } from "#core/db/index.ts"; export const r = d;',
  "core/db/index.ts": "export const d = 1;",
  "core/strange/index.ts": "export const u = 1;",
  "core/runtime/strange.ts": 'import { u } from "#core/strange/index.ts"; export const v = u;',
  "core/clusters/one.ts": 'import { two } from "./two.ts"; export const one = () => two;',
  "core/clusters/two.ts": 'import { one } from "./one.ts"; export const two = () => one;',
  "core/clusters/lost.ts": 'import { l } from "#core/archive/gone.ts"; export const m = l;',
  "app/page.tsx": 'import { d } from "#core/db/index.ts"; export const y = d;',
  "app/_server/runtime.ts": 'import { d } from "#core/db/index.ts"; export const z = d;',
  "app/button.tsx": '"use client";\nimport { helper } from "#app/helper.ts"; export const b = helper;',
  "app/helper.ts": 'import { d } from "#core/db/index.ts"; export const helper = d;',
};

const expected = [
  "row-0-kernel: core/kernel/upward.ts → core/runtime/index.ts",
  "row-1-consul: core/consul/sibling.ts → core/archive/index.ts",
  "surface-only: core/snapshots/index.ts → core/archive/inner.ts",
  "prisma-only-in-db-and-stores: core/snapshots/prisma.ts → node_modules/@prisma/adapter-better-sqlite3/dist/index.d.ts",
  "core-is-framework-free: core/snapshots/framework.ts → node_modules/react/index.js",
  "fakes-only-in-tests: core/snapshots/fake.ts → core/testing/fake.ts",
  "no-unlisted-core-folder: core/runtime/strange.ts → core/strange/index.ts",
  "no-runtime-cycles: core/clusters/one.ts → core/clusters/two.ts",
  "no-unresolved: core/clusters/lost.ts → #core/archive/gone.ts",
  "only-app-server-enters-core: app/page.tsx → core/db/index.ts",
  "app-server-enters-through-runtime: app/_server/runtime.ts → core/db/index.ts",
];

let folder;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "snapkeep-architecture-"));
  for (const name of [".dependency-cruiser.cjs", "tsconfig.json", "package.json"]) {
    cpSync(inRepo(name), path.join(folder, name));
  }
  symlinkSync(inRepo("node_modules"), path.join(folder, "node_modules"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The packages are linked, so that the checker sees them where they really are. */
function withoutPlace(file) {
  return file.replace(/^.*\/(?=node_modules\/)/, "");
}

/** The violations as `rule: from → to`. */
function check(roots, env = {}) {
  const report = path.join(folder, "report.json");
  const tool = inRepo("node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const args = [tool, "--config", ".dependency-cruiser.cjs", "--output-type", "json", "--output-to", report];
  return new Promise((resolve) => {
    execFile(process.execPath, [...args, ...roots], { cwd: folder, env: { ...process.env, ...env } }, () => {
      const { summary } = JSON.parse(readFileSync(report, "utf8"));
      resolve(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${withoutPlace(to)}`));
    });
  });
}

describe("the architecture checker", () => {
  it("reports each planted violation, package imports with .ts endings included", async () => {
    const violations = await check(["app", "core"]);
    for (const one of expected) expect(violations).toContain(one);
  }, 30_000);

  it("reports a client file that reaches the database through another file", async () => {
    const violations = await check(["app"], { ARCH_PASS: "client" });
    expect(violations).toEqual(["client-never-reaches-server: app/button.tsx → core/db/index.ts"]);
  }, 30_000);
});
