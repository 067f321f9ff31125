import { verifyArchive } from "#core/archive/index.ts";
import type { ArchiveFile } from "./archive-file.ts";
import { type ExitCode, exitCodes, UsageError } from "./exit.ts";
import { complainOfFindings } from "./findings-text.ts";
import { type CommandIo, complain } from "./io.ts";
import { formatBytes } from "./numbers.ts";
import { visible } from "./visible-text.ts";

/**
 * Writes the bytes of one value and nothing else, once the whole archive is verified. A key that stands there more
 * than once gives the last, which is what a restore would leave; only Enterprise's namespaces have such keys.
 */
export async function writeValue(
  archive: ArchiveFile,
  key: string | Buffer,
  io: CommandIo,
): Promise<ExitCode> {
  const wanted = Buffer.from(key);
  let found: { readonly value: Buffer | null; readonly valueBytes: number } | null = null;
  let count = 0;
  const report = await verifyArchive(archive.open(), {
    values: true,
    visitor: {
      kv: ({ key, value, valueBytes }) => {
        if (!wanted.equals(key)) return;
        count += 1;
        found = { value: value && Buffer.from(value), valueBytes };
      },
    },
  });
  io.progress.hide();
  if (!report.ok) {
    await complainOfFindings(io, archive.name, report);
    return exitCodes.found;
  }
  const { value, valueBytes } = take(found, wanted);
  if (value === null && valueBytes > 0) {
    throw new UsageError(`A value of ${formatBytes(valueBytes)} is more than is decoded.`);
  }
  if (count > 1)
    await complain(io, `${count} records have this key, in several namespaces; this is the last.`);
  await io.out.write(value ?? "");
  return exitCodes.fine;
}

type Found = { readonly value: Buffer | null; readonly valueBytes: number };

function take(found: Found | null, wanted: Buffer): Found {
  if (found !== null) return found;
  throw new UsageError(`There is no key ${visible(wanted.toString("utf8"))} in this snapshot.`);
}
