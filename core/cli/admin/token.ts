import type { TokenView } from "#core/tokens/contract.ts";
import { names, oneOf, parseArguments, wholeNumber } from "../arguments.ts";
import { type ExitCode, exitCodes, UsageError } from "../exit.ts";
import type { CommandIo } from "../io.ts";
import { writeTable } from "../table.ts";
import { grantFlags, readGrant } from "./grant-flags.ts";
import { withRecords } from "./with-records.ts";

const lifeDaysDefault = 90;

/** snapkeep token create|list|revoke */
export async function run(args: readonly string[], io: CommandIo): Promise<ExitCode> {
  const [act, ...rest] = args;
  if (act === "create") return create(rest, io);
  if (act === "list") return list(rest, io);
  if (act === "revoke") return revoke(rest, io);
  throw new UsageError("It is token create, token list or token revoke.");
}

async function create(args: readonly string[], io: CommandIo): Promise<ExitCode> {
  const { values } = parseArguments(args, {
    ...grantFlags,
    name: { type: "string" },
    days: { type: "string" },
    never: { type: "boolean" },
    format: { type: "string" },
  });
  const { name } = values;
  if (name === undefined) throw new UsageError("--name says what the token is for.");
  const format = oneOf("format", values.format, ["text", "json"], "text");
  if (values.never === true && values.days !== undefined)
    throw new UsageError("Either --days or --never, not both.");
  const lifeDays = values.never === true ? null : (wholeNumber("days", values.days) ?? lifeDaysDefault);
  return withRecords(async (local) => {
    const grants = [await readGrant(local, values)];
    const created = await local.execute("tokens.create", { name, grants, lifeDays });
    if (format === "json") await io.out.write(`${JSON.stringify(created)}\n`);
    else {
      // The text alone on standard output, so that a script can catch it.
      await io.errors.write(`${wordsOf(created.token)}\nIt is shown once:\n`);
      await io.errors.flush();
      await io.out.write(`${created.text}\n`);
    }
    return exitCodes.fine;
  });
}

function wordsOf(token: TokenView): string {
  const until = token.expiresAt === null ? "never expires" : `expires ${token.expiresAt.slice(0, 10)}`;
  return `Token ${token.id}, ${token.name}: ${grantWords(token)}, ${until}.`;
}

function grantWords({ grants }: TokenView): string {
  return grants
    .map(({ role, clusterId, datacenter }) => {
      if (clusterId === null) return `${role} for all clusters`;
      return `${role} for ${datacenter === null ? clusterId : `${datacenter} in ${clusterId}`}`;
    })
    .join(", ");
}

async function list(args: readonly string[], io: CommandIo): Promise<ExitCode> {
  const { values } = parseArguments(args, { format: { type: "string" } });
  const format = oneOf("format", values.format, ["text", "json"], "text");
  return withRecords(async (local) => {
    const { tokens } = await local.execute("tokens.list", {});
    if (format === "json") await io.out.write(`${JSON.stringify(tokens)}\n`);
    else {
      const rows = tokens.map((token) => [
        token.id,
        token.name,
        token.prefix,
        grantWords(token),
        token.state,
        token.expiresAt?.slice(0, 10) ?? "never",
        token.lastUsedAt?.slice(0, 16) ?? "never",
      ]);
      await writeTable(
        (text) => io.out.write(text),
        ["ID", "Name", "Prefix", "Role", "State", "Expires", "Last used"],
        rows,
      );
    }
    return exitCodes.fine;
  });
}

async function revoke(args: readonly string[], io: CommandIo): Promise<ExitCode> {
  const { positionals } = parseArguments(args, {});
  const [wanted = ""] = names(positionals, 1, 1, "the token's id or name");
  return withRecords(async (local) => {
    const { tokens } = await local.execute("tokens.list", {});
    const found = tokens.filter((token) => token.id === wanted || token.name === wanted);
    const [only, second] = found;
    if (only === undefined) throw new UsageError(`There is no token ${wanted}.`);
    if (second !== undefined) throw new UsageError(`More than one token is named ${wanted}: take the id.`);
    await local.execute("tokens.revoke", { id: only.id });
    await io.out.write(`Revoked ${only.id}, ${only.name}.\n`);
    return exitCodes.fine;
  });
}
