import path from "node:path";
import { signInInput } from "#core/access/contract.ts";
import { type AccessDeps, type AccessService, createAccessService } from "#core/access/service.ts";
import type { SignInAnswer } from "#core/access/sign-in.ts";
import { type Database, openDatabase } from "#core/db/index.ts";
import { isAppError } from "#core/kernel/errors.ts";
import type { Grant } from "#core/kernel/permission.ts";
import { createSecretBox } from "#core/kernel/secret-box.ts";
import { makeTempFolder, removeTempFolder } from "./leftovers.ts";
import { migrationsFolder } from "./runtime.ts";

export const password = "correct-horse-battery";
export const address = "10.0.0.1";
export const everywhere = <Role extends string>(role: Role) => ({ role, clusterId: null, datacenter: null });

export type TestAccess = Awaited<ReturnType<typeof openAccess>>;
type Options = Partial<Omit<AccessDeps, "db" | "clock">>;

/** The access service on a real database of its own, with a clock that the test moves. */
export async function openAccess(options: Options = {}) {
  const folder = makeTempFolder("snapkeep-access-");
  const file = path.join(folder, "snapkeep.db");
  const db: Database = await openDatabase({ file, migrationsFolder });
  // Runs with the real one: the sign-in library looks at that.
  const time = { aheadMs: 0 };
  const clock = { nowMs: () => Date.now() + time.aheadMs, monotonicMs: () => 0 };
  const box = createSecretBox("a-master-key-of-at-least-32-characters");
  const build = (other: Options = {}): AccessService =>
    createAccessService({ db, clock, box, baseUrl: "http://127.0.0.1:8680", ...options, ...other });
  const access = build();

  return {
    db,
    file,
    access,
    /** The same records under another configuration. */
    build,
    pass: (ms: number) => {
      time.aheadMs += ms;
    },
    /** A local account. @returns its id. */
    async addPerson(name: string, role = "operator", more: { breakGlass?: boolean; grants?: Grant[] } = {}) {
      const grants = more.grants ?? [everywhere(role)];
      const person = { name, grants, breakGlass: more.breakGlass ?? false, from: "console", password };
      return (await db.transaction((tx) => access.people.create(person, tx))).id;
    },
    /** A local account with a one-time password. @returns that password. */
    async addNewcomer(name: string, role = "operator"): Promise<string> {
      const person = { name, grants: [everywhere(role)], breakGlass: false, from: "console", password: null };
      return (await db.transaction((tx) => access.people.create(person, tx))).password ?? "";
    },
    /** @returns a new one-time password. */
    async resetPassword(name: string): Promise<string> {
      const found = (await access.people.list(null)).find((person) => person.name === name);
      return (await db.transaction((tx) => access.people.resetPassword(found?.id ?? "", tx))).password;
    },
    signIn: (username: string, given = password, from = address, headers = new Headers()) =>
      access.signIn(signInInput.parse({ username, password: given }), headers, from),
    async remove() {
      await db.close();
      removeTempFolder(folder);
    },
  };
}

/** "ok", or the code and the words of the refusal. */
export async function verdict(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "ok";
  } catch (error) {
    return isAppError(error) ? `${error.code}: ${error.userMessage}` : `fault: ${String(error)}`;
  }
}

/** The browser after this answer: what it would send next. */
export const browserAfter = (answer: { setCookies: string[] }) =>
  new Headers({ cookie: answer.setCookies.map((line) => line.split(";")[0] ?? "").join("; ") });

/** The session that a sign-in began. */
export function sessionOf(answer: SignInAnswer) {
  if (answer.next !== "done") throw new Error(`The sign-in asks for a ${answer.next}.`);
  return { caller: answer.caller, cookies: browserAfter(answer) };
}
