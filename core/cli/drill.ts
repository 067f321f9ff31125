import { randomBytes } from "node:crypto";
import { createReadStream, createWriteStream, rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { isAppError } from "#core/kernel/errors.ts";
import {
  type ConsulBinary,
  findConsulBinary,
  runThrowaway,
  type ThrowawayPhase,
} from "#core/throwaway/index.ts";
import { type ArchiveFile, findArchive, readEnvOf, unreadable } from "./archive-file.ts";
import { names, oneOf, parseArguments } from "./arguments.ts";
import { type DrillFound, writeDrill } from "./drill-text.ts";
import { type ExitCode, exitCodes, UsageError } from "./exit.ts";
import type { CommandIo } from "./io.ts";

const flags = { format: { type: "string" }, json: { type: "boolean" } } as const;
const readBytes = 1024 * 1024;
/** What a shell reports for SIGTERM. */
const terminated = 143;

/** `snapkeep drill FILE`. Needs no server and no records: a consul program and some room. */
export async function run(args: readonly string[], io: CommandIo): Promise<ExitCode> {
  const { values, positionals } = parseArguments(args, flags);
  const format = oneOf("format", values.format, ["pretty", "json"], values.json === true ? "json" : "pretty");
  const [name = ""] = names(positionals, 1, 1, "one FILE");
  const archive = await findArchive(name, io);
  const { readEnv } = await import("#core/kernel/env.ts");
  const env = readEnvOf(readEnv);
  // Its default is to end at once; the listeners that take Consul along only hear of an exit.
  process.once("SIGTERM", () => process.exit(terminated));
  const spool = await toReopenable(archive);
  try {
    const binary = await findConsulBinary(env);
    const found = await drill(name, spool.open, binary, env.SNAPKEEP_DRILL_TIMEOUT_MS, io);
    io.progress.hide();
    if (format === "json") await io.out.write(`${JSON.stringify(found)}\n`);
    else await writeDrill(io.out.write, found);
    return found.outcome === "passed" ? exitCodes.fine : exitCodes.found;
  } catch (error) {
    // No room, no consul program: no word on the archive.
    throw isAppError(error) ? new UsageError(error.userMessage) : unreadable(name, error);
  } finally {
    await spool.remove();
  }
}

async function drill(
  file: string,
  open: ArchiveFile["open"],
  binary: ConsulBinary,
  timeLimitMs: number,
  io: CommandIo,
): Promise<DrillFound> {
  const words: Record<ThrowawayPhase, string> = {
    starting: `Verifying the archive, starting Consul ${binary.version}…`,
    restoring: "Restoring…",
    comparing: "Comparing…",
    removing: "Removing that Consul…",
  };
  const result = await runThrowaway({
    binary,
    open: async () => asBuffers(open()),
    parent: tmpdir(),
    name: `snapkeep-drill-${randomBytes(8).toString("hex")}`,
    datacenter: null,
    timeLimitMs,
    signal: new AbortController().signal,
    inThread: false,
    onPhase: (phase) => {
      void io.errors.write(`${words[phase]}\n`);
      // Nobody who reads no progress keeps a drill from its end.
      io.errors.flush().catch(() => undefined);
    },
  });
  const [only] = result.archiveVersions;
  const isKnown = result.archiveVersions.length === 1;
  return {
    file,
    consulVersion: binary.version,
    sameVersion: isKnown ? only === binary.version : null,
    ...result,
  };
}

async function* asBuffers(source: AsyncIterable<Uint8Array>): AsyncIterable<Buffer> {
  for await (const chunk of source) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

/** An archive is read three times, so what comes from a pipe is put down first. */
async function toReopenable(
  archive: ArchiveFile,
): Promise<Pick<ArchiveFile, "open"> & { remove(): Promise<void> }> {
  if (archive.canReopen) return { open: archive.open, remove: async () => undefined };
  const folder = await mkdtemp(path.join(tmpdir(), "snapkeep-stdin-"));
  const onExit = () => rmSync(folder, { recursive: true, force: true });
  process.on("exit", onExit);
  const file = path.join(folder, "archive.snap");
  const remove = async (): Promise<void> => {
    await rm(folder, { recursive: true, force: true });
    process.off("exit", onExit);
  };
  try {
    await pipeline(
      Readable.from(archive.open(), { objectMode: false }),
      createWriteStream(file, { mode: 0o600 }),
    );
  } catch (error) {
    await remove();
    throw error;
  }
  return { open: () => createReadStream(file, { highWaterMark: readBytes }), remove };
}
