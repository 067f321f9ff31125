// One table is the architecture: a folder may import itself and any LOWER row, never a sibling, never upward.
const fs = require("node:fs");
const path = require("node:path");

const rows = [
  ["kernel"],
  ["archive", "consul", "storage", "channels", "metrics"],
  ["db", "throwaway"],
  ["audit", "access", "jobs"],
  ["clusters", "tokens"],
  ["snapshots"],
  ["contents"],
  ["comparisons", "drills", "recoveries", "schedules", "retention", "notifications"],
  ["restore"],
  ["runtime"],
  ["cli"],
];
const TEST = ["\\.test\\.tsx?$", "^core/testing/", "^e2e/"];
const esc = (s) => s.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const walk = (dir) =>
  fs.existsSync(dir)
    ? fs
        .readdirSync(dir, { withFileTypes: true })
        .flatMap((e) => (e.isDirectory() ? walk(path.join(dir, e.name)) : [path.join(dir, e.name)]))
    : [];
const startsWith = (directive) => (f) =>
  /\.tsx?$/.test(f) && new RegExp(`^\\s*['"]${directive}['"]`).test(fs.readFileSync(f, "utf8"));
const serverActions = walk("app").filter(startsWith("use server"));
const clientFiles = walk("app").filter(startsWith("use client"));

const layerRules = rows.flatMap((row, i) =>
  row.map((name) => {
    const lower = rows.slice(0, i).flat();
    return {
      name: `row-${i}-${name}`,
      severity: "error",
      comment: `core/${name} may import: itself${lower.length ? `, ${lower.join(", ")}` : ""}`,
      from: { path: `^core/${name}/`, pathNot: TEST },
      to: { path: "^core/", pathNot: `^core/(${[name, ...lower].join("|")})/` },
    };
  }),
);

// Client components: nothing on the server may be reachable, through any chain. A 'use server' file is a remote
// call for whoever imports it, so this pass stops there; the normal pass checks those files' own imports.
const clientRule = {
  name: "client-never-reaches-server",
  severity: "error",
  from: { path: clientFiles.length ? clientFiles.map((f) => `^${esc(f)}$`) : "^$" },
  to: { path: ["^core/(db|runtime)/", "node_modules/(server-only|@prisma)/"], reachable: true },
};

const clientPass = process.env.ARCH_PASS === "client";

module.exports = {
  forbidden: clientPass
    ? [clientRule]
    : [
        ...layerRules,
        {
          name: "no-unlisted-core-folder",
          severity: "error",
          comment: "every core folder must be in the row table",
          from: {},
          to: { path: "^core/", pathNot: `^core/(${[...rows.flat(), "testing"].join("|")})/` },
        },
        {
          name: "surface-only",
          severity: "error",
          comment: "another core folder is entered through index.ts or contract.ts",
          from: { path: "^core/([^/]+)/", pathNot: TEST },
          to: {
            path: "^core/[^/]+/",
            pathNot: [
              "^core/$1/",
              "^core/kernel/",
              "^core/db/generated/client\\.ts$",
              "^core/[^/]+/(index|contract)\\.ts$",
              "^core/storage/(local|s3)/index\\.ts$",
              // The archive engine is large: each of its parts has a surface of its own.
              "^core/archive/(compare|contents-index|identity|redaction|thread)/index\\.ts$",
            ],
          },
        },
        {
          name: "drivers-only-in-runtime",
          severity: "error",
          from: { pathNot: ["^core/(runtime|storage)/", ...TEST] },
          to: { path: "^core/storage/(local|s3)/" },
        },
        {
          name: "aws-only-in-s3",
          severity: "error",
          from: { pathNot: ["^core/storage/s3/", ...TEST] },
          to: { path: "node_modules/@aws-sdk/" },
        },
        {
          name: "prisma-only-in-db-and-stores",
          severity: "error",
          from: { path: "^(app|core)/", pathNot: ["^core/db/", "^core/[^/]+/store\\.ts$", ...TEST] },
          to: { path: "(node_modules/@prisma/|^core/db/generated/)" },
        },
        {
          name: "core-is-framework-free",
          severity: "error",
          from: { path: "^core/" },
          to: { path: "node_modules/(next|react|react-dom|server-only)/" },
        },
        { name: "core-not-to-app", severity: "error", from: { path: "^core/" }, to: { path: "^app/" } },
        {
          name: "only-app-server-enters-core",
          severity: "error",
          from: { path: "^app/", pathNot: ["^app/_server/", ...TEST] },
          // The error codes and their table are as safe in the browser as a contract.
          to: {
            path: "^core/",
            pathNot: ["^core/[^/]+/contract\\.ts$", "^core/kernel/(errors|permission)\\.ts$"],
          },
        },
        {
          name: "app-server-enters-through-runtime",
          severity: "error",
          from: { path: "^app/_server/", pathNot: TEST },
          to: {
            path: "^core/",
            pathNot: ["^core/runtime/index\\.ts$", "^core/[^/]+/contract\\.ts$", "^core/kernel/"],
          },
        },
        {
          name: "server-enters-through-runtime",
          severity: "error",
          from: { path: "^server/", pathNot: TEST },
          to: {
            path: "^core/",
            pathNot: ["^core/runtime/index\\.ts$", "^core/[^/]+/contract\\.ts$", "^core/kernel/"],
          },
        },
        {
          name: "fakes-only-in-tests",
          severity: "error",
          comment: "the demo and the bench start their Consul with the harness of the tests",
          from: { pathNot: [...TEST, "^scripts/"] },
          to: { path: "^core/testing/" },
        },
        {
          name: "no-unresolved",
          severity: "error",
          comment: "an import that isn't found would slip through every rule above",
          from: {},
          to: { couldNotResolve: true },
        },
        {
          name: "no-runtime-cycles",
          severity: "error",
          from: {},
          to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
        },
      ],
  options: {
    doNotFollow: { path: ["node_modules", ...(clientPass ? serverActions.map((f) => `^${esc(f)}$`) : [])] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    // Without these a package's subpaths ("better-auth/plugins") aren't found.
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
