import { names, oneOf, parseArguments } from "../arguments.ts";
import { type ExitCode, exitCodes, UsageError } from "../exit.ts";
import type { CommandIo } from "../io.ts";
import { writeTable } from "../table.ts";
import { grantFlags, readGrant } from "./grant-flags.ts";
import { withRecords } from "./with-records.ts";

/** snapkeep user list|create|reset|reset-second-factor|revoke-sessions */
export async function run(args: readonly string[], io: CommandIo): Promise<ExitCode> {
  const [act, ...rest] = args;
  switch (act) {
    case "list":
      return list(rest, io);
    case "create":
      return create(rest, io);
    case "reset":
      return onPerson(rest, io, async (local, { id, name }) => {
        const { password } = await local.execute("people.resetPassword", { id });
        return `${name} signs in once with this password and then chooses a new one. All sessions have ended.\n${password}`;
      });
    case "reset-second-factor":
      return onPerson(rest, io, async (local, { id, name }) => {
        await local.execute("people.resetSecondFactor", { id });
        return `${name} signs in without an authenticator app or passkey now.`;
      });
    case "revoke-sessions":
      return onPerson(rest, io, async (local, { id, name }) => {
        const { ended } = await local.execute("people.endSessions", { id });
        return `${ended} ${ended === 1 ? "session" : "sessions"} of ${name} ended.`;
      });
    default:
      throw new UsageError("It is user list, create, reset, reset-second-factor or revoke-sessions.");
  }
}

type Local = Parameters<Parameters<typeof withRecords>[0]>[0];

async function onPerson(
  args: readonly string[],
  io: CommandIo,
  work: (local: Local, person: { id: string; name: string }) => Promise<string>,
): Promise<ExitCode> {
  const { positionals } = parseArguments(args, {});
  const [wanted = ""] = names(positionals, 1, 1, "the user's name");
  return withRecords(async (local) => {
    const { people } = await local.execute("people.list", {});
    const found = people.find((person) => person.name === wanted || person.id === wanted);
    if (found === undefined) throw new UsageError(`There is no user ${wanted}.`);
    await io.out.write(`${await work(local, found)}\n`);
    return exitCodes.fine;
  });
}

async function create(args: readonly string[], io: CommandIo): Promise<ExitCode> {
  const { values, positionals } = parseArguments(args, {
    ...grantFlags,
    "break-glass": { type: "boolean" },
  });
  const [name = ""] = names(positionals, 1, 1, "the user's name");
  return withRecords(async (local) => {
    const grants = [await readGrant(local, values)];
    const breakGlass = values["break-glass"] === true;
    const created = await local.execute("people.create", { name, grants, breakGlass });
    await io.errors.write(`${name} signs in once with this password and then chooses a new one:\n`);
    await io.errors.flush();
    await io.out.write(`${created.password}\n`);
    return exitCodes.fine;
  });
}

async function list(args: readonly string[], io: CommandIo): Promise<ExitCode> {
  const { values } = parseArguments(args, { format: { type: "string" } });
  const format = oneOf("format", values.format, ["text", "json"], "text");
  return withRecords(async (local) => {
    const { people } = await local.execute("people.list", {});
    if (format === "json") await io.out.write(`${JSON.stringify(people)}\n`);
    else {
      const rows = people.map((person) => [
        person.name,
        person.role,
        person.disabledAt === null ? "active" : "disabled",
        person.ways.provider ?? (person.breakGlass ? "local, break-glass" : "local"),
        String(person.sessions),
        person.lastSignInAt?.slice(0, 16) ?? "never",
      ]);
      await writeTable(
        (text) => io.out.write(text),
        ["Name", "Role", "State", "Account", "Sessions", "Last sign-in"],
        rows,
      );
    }
    return exitCodes.fine;
  });
}
