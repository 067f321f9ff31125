import { ArchiveFormatError } from "../format-error.ts";
import { createGzipReader } from "./gzip-reader.ts";
import { createTarWalker, type MemberSink } from "./tar-walker.ts";

/**
 * Reads bytes of state.bin out of an archive, by unpacking what stands before them and no more; nothing is
 * verified. The source is destroyed or returned when they are there.
 *
 * @throws ArchiveFormatError when the archive ends before them or can't be unpacked; what the source throws
 */
export async function readStateRange(
  source: AsyncIterable<Uint8Array>,
  range: { readonly offset: number; readonly bytes: number },
): Promise<Buffer> {
  const found = Buffer.alloc(range.bytes);
  let stateOffset = 0;
  let foundBytes = 0;
  let fault: unknown = null;
  const stateSink: MemberSink = {
    write: (chunk) => {
      const from = Math.max(range.offset + foundBytes - stateOffset, 0);
      if (foundBytes < range.bytes && from < chunk.length) {
        foundBytes += chunk.copy(found, foundBytes, from, from + range.bytes - foundBytes);
      }
      stateOffset += chunk.length;
    },
    end: () => undefined,
  };
  const tar = createTarWalker({
    onMember: (member) => (member.name === "state.bin" ? stateSink : null),
    onFault: (error) => {
      fault ??= error;
    },
  });
  const isDone = () => foundBytes === range.bytes || fault !== null;
  const gzip = createGzipReader((output) => {
    if (isDone()) return;
    try {
      tar.write(output);
    } catch (error) {
      fault ??= error;
    }
  });
  for await (const chunk of source) {
    await gzip.write(chunk);
    if (isDone()) break;
  }
  const gzipFault = isDone() ? null : await gzip.end();
  gzip.fail(new ArchiveFormatError("GZIP_TRUNCATED", "The rest is not needed."));
  if (foundBytes === range.bytes) return found;
  throw (
    fault ?? gzipFault ?? new ArchiveFormatError("RECORD_TRUNCATED", "state.bin ends before this record.")
  );
}
