import { AppError, isAppError } from "#core/kernel/errors.ts";
import { faultWords } from "./errors.ts";

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openList = 0x5b;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/**
 * Cuts a JSON list into the texts of its objects, in memory for one of them. What an object says is left to the caller:
 * JSON.parse would round the numbers that Consul writes with 64 bits.
 * @throws AppError `consul_broken_stream` when the list does not end, `consul_error` when it is none.
 */
export async function* jsonItems(body: AsyncIterable<Buffer>, itemBytesMax: number): AsyncGenerator<string> {
  const cutter = createCutter(itemBytesMax);
  try {
    for await (const chunk of body) for (const item of cutter.push(chunk)) yield item;
  } catch (error) {
    if (isAppError(error)) throw error;
    throw broken(`Consul's answer broke off: ${faultWords(error)}.`, error);
  }
  if (!cutter.isDone()) throw broken("Consul's answer ended in the middle of a list.");
}

function createCutter(itemBytesMax: number) {
  let depth = 0;
  let inText = false;
  let escaped = false;
  let done = false;
  let kept: Buffer[] = [];
  let keptBytes = 0;

  const keep = (piece: Buffer) => {
    keptBytes += piece.length;
    if (keptBytes > itemBytesMax)
      throw new AppError({
        code: "too_large",
        userMessage: "Consul's answer has an item that is too large.",
      });
    kept.push(piece);
  };
  const take = (): string => {
    const text = Buffer.concat(kept).toString("utf8");
    kept = [];
    keptBytes = 0;
    return text;
  };
  /** Inside of a text: the place after its end, or the chunk's length. */
  const skipText = (chunk: Buffer, from: number): number => {
    let at = from;
    if (escaped) {
      escaped = false;
      at += 1;
    }
    while (at < chunk.length) {
      const end = chunk.indexOf(quote, at);
      const stop = end < 0 ? chunk.length : end;
      const slash = chunk.subarray(at, stop).indexOf(backslash);
      if (slash < 0) {
        inText = end < 0;
        return end < 0 ? chunk.length : end + 1;
      }
      at += slash + 2;
    }
    escaped = at > chunk.length;
    return chunk.length;
  };

  return {
    isDone: () => done,
    *push(chunk: Buffer): Generator<string> {
      let from = 0;
      let at = 0;
      while (at < chunk.length) {
        if (inText) {
          at = skipText(chunk, at);
          continue;
        }
        const byte = chunk[at] ?? 0;
        if (byte === quote) inText = true;
        else if (byte === openList || byte === openObject) {
          if (depth === 1) from = at;
          if (depth === 0 && byte !== openList) throw notAList();
          depth += 1;
        } else if (byte === closeList || byte === closeObject) {
          depth -= 1;
          if (depth === 1) {
            keep(chunk.subarray(from, at + 1));
            yield take();
          }
          if (depth === 0) done = true;
        } else if (depth < 2 && byte !== comma && byte > 0x20) throw notAList();
        at += 1;
      }
      // An object that goes on in the next chunk.
      if (depth > 1) keep(chunk.subarray(from));
    },
  };
}

function notAList(): AppError {
  return new AppError({ code: "consul_error", userMessage: "This address did not answer like Consul." });
}

function broken(userMessage: string, cause?: unknown): AppError {
  return new AppError({ code: "consul_broken_stream", userMessage, retryable: true, cause });
}
