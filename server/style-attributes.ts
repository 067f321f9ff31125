import type { ServerResponse } from "node:http";

const wanted = Buffer.from(' style="');
/** As long as what it replaces, so that a Content-Length stays true. */
const written = Buffer.from(' cssom="');

/**
 * The policy allows no style attribute, since whoever can write one into a page can read it. But components give
 * sizes and custom properties that way, and React writes them into the first HTML. So they leave the server under
 * another name, and a script of ours (app/style-attributes-script.tsx) sets them through the CSSOM, which the policy
 * allows to scripts with a nonce. React escapes quotes in text and in its data, so the sought bytes can only be an
 * attribute.
 */
export function carryStyleAttributes(res: ServerResponse): void {
  const write = res.write.bind(res) as (chunk: Buffer) => boolean;
  const end = res.end.bind(res) as (chunk?: Buffer) => ServerResponse;
  const rename = createRenamer();
  const isHtml = () => String(res.getHeader("content-type") ?? "").startsWith("text/html");

  const renamed = (chunk: unknown, encoding: unknown): Buffer => {
    const bytes = toBytes(chunk, encoding);
    return isHtml() ? rename.chunk(bytes) : bytes;
  };
  res.write = ((chunk: unknown, encoding?: unknown, done?: unknown) => {
    const callback = [encoding, done].find((one) => typeof one === "function") as (() => void) | undefined;
    const flowing = write(renamed(chunk, encoding));
    callback?.();
    return flowing;
  }) as typeof res.write;
  res.end = ((chunk?: unknown, encoding?: unknown, done?: unknown) => {
    const callback = [chunk, encoding, done].find((one) => typeof one === "function") as
      | (() => void)
      | undefined;
    if (callback !== undefined) res.once("finish", callback);
    const last =
      chunk === undefined || chunk === null || typeof chunk === "function" ? null : renamed(chunk, encoding);
    const rest = Buffer.concat([last ?? Buffer.alloc(0), rename.rest()]);
    return rest.length === 0 ? end() : end(rest);
  }) as typeof res.end;
}

function toBytes(chunk: unknown, encoding: unknown): Buffer {
  if (typeof chunk === "string")
    return Buffer.from(chunk, typeof encoding === "string" ? (encoding as BufferEncoding) : "utf8");
  return Buffer.from(chunk as Uint8Array);
}

/** Replaces in pieces as they come: what may be the beginning of a match waits for the next piece. */
export function createRenamer() {
  let held: Buffer = Buffer.alloc(0);
  return {
    chunk(piece: Buffer): Buffer {
      const bytes = held.length === 0 ? piece : Buffer.concat([held, piece]);
      for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + wanted.length)) {
        written.copy(bytes, at);
      }
      const keep = beginningAtEnd(bytes);
      held = bytes.subarray(bytes.length - keep);
      return bytes.subarray(0, bytes.length - keep);
    },
    rest(): Buffer {
      const last = held;
      held = Buffer.alloc(0);
      return last;
    },
  };
}

/** How many of the last bytes could be the beginning of a match. */
function beginningAtEnd(bytes: Buffer): number {
  for (let count = Math.min(wanted.length - 1, bytes.length); count > 0; count -= 1) {
    if (bytes.subarray(bytes.length - count).equals(wanted.subarray(0, count))) return count;
  }
  return 0;
}
