import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { roles } from "#core/access/contract.ts";
import { noteSecret } from "#core/testing/evidence.ts";
import { mayRole, operationNames } from "#core/testing/operation-table.ts";
import { runRecordsCommand } from "#core/testing/records-command.ts";
import type { OperationName } from "#core/testing/runtime.ts";
import { type ServerProcess, startServerProcess } from "#core/testing/server-process.ts";

// Every server action that stands for an operation, called over HTTP as a browser does, by a person of each role. The
// list is read from the sources and from the build's manifest, so a new action is tried without being entered here.

const projectFolder = path.join(import.meta.dirname, "..");
const appFolder = path.join(projectFolder, "app");
const password = noteSecret("a pass phrase for every role");

let server: ServerProcess;
const cookies = new Map<string, string>();

/** `export const takeSnapshot = action("snapshots.take")`, in every file of actions. */
function actionsInSource(): { file: string; exportedName: string; operation: OperationName }[] {
  const files = readdirSync(appFolder, { recursive: true, encoding: "utf8" }).filter(
    (file) => path.basename(file) === "actions.ts",
  );
  return files.flatMap((file) => {
    const source = readFileSync(path.join(appFolder, file), "utf8");
    return [...source.matchAll(/export const (\w+) = action\("([\w.]+)"\)/g)].map((found) => ({
      file: `app/${file.split(path.sep).join("/")}`,
      exportedName: found[1] ?? "",
      operation: found[2] as OperationName,
    }));
  });
}

type Manifest = { node: Record<string, { exportedName?: string; filename?: string }> };
const manifestFile = path.join(projectFolder, ".next", "server", "server-reference-manifest.json");
const actions = actionsInSource();
/** What the build calls it; an action that no page uses isn't in the build. */
function idOf({ file, exportedName }: { file: string; exportedName: string }): string | undefined {
  const { node } = JSON.parse(readFileSync(manifestFile, "utf8")) as Manifest;
  return Object.entries(node).find(
    ([, one]) => one.filename === file && one.exportedName === exportedName,
  )?.[0];
}

beforeAll(async () => {
  server = await startServerProcess({ CONSUL_HTTP_ADDR: "http://127.0.0.1:1" });
  for (const role of roles) cookies.set(role, await signInAs(role));
});
afterAll(() => server?.stop());

async function signInAs(role: string): Promise<string> {
  const name = `a-${role}`;
  const { out } = await runRecordsCommand(server.dataFolder, ["user", "create", name, "--role", role]);
  const answer = await fetch(`${server.origin}/api/v1/sign-in`, {
    method: "POST",
    headers: { Origin: server.origin },
    body: JSON.stringify({ username: name, password: noteSecret(out.trim()), newPassword: password }),
  });
  expect(answer.status, name).toBe(200);
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
}

async function call(id: string, role: string): Promise<string> {
  const answer = await fetch(`${server.origin}/`, {
    method: "POST",
    headers: {
      Origin: server.origin,
      Cookie: cookies.get(role) ?? "",
      "Next-Action": id,
      "Content-Type": "text/plain;charset=UTF-8",
    },
    // No input of any operation: whoever may is told that, whoever may not only that.
    body: "[null]",
  });
  const text = await answer.text();
  return /"code":"(\w+)"/.exec(text)?.[1] ?? `${answer.status} ${text.slice(0, 200)}`;
}

it("actions are found in the sources, and nearly all of them in the build", () => {
  expect(actions.length).toBeGreaterThan(30);
  for (const { operation } of actions) expect(operationNames).toContain(operation);
  const unused = actions.filter((action) => idOf(action) === undefined);
  expect(unused).toEqual([]);
});

describe("a server action", () => {
  it.each(actions.map((action) => [action.operation, action] as const))(
    "for %s is open to its roles and to no others",
    async (operation, action) => {
      const id = idOf(action) ?? "";
      for (const role of roles) {
        const wanted = mayRole(role, operation) ? "invalid_input" : "forbidden";
        expect([role, await call(id, role)]).toEqual([role, wanted]);
      }
    },
  );
});
