import { AppError } from "#core/kernel/errors.ts";

/** What the JSON API is sent is small; archives go elsewhere. */
const bodyBytesMax = 256 * 1024;

/**
 * Reads a JSON object. Where a change may come from is checked in server/ before.
 * @throws AppError `too_large` as soon as it is: without a Content-Length only reading tells, and whoever is not signed
 * in could fill the memory with the rest.
 */
export async function readBody(request: Pick<Request, "headers" | "body">): Promise<Record<string, unknown>> {
  if (Number(request.headers.get("content-length") ?? 0) > bodyBytesMax) throw tooLarge();
  const text = await readText(request.body);
  const body: unknown = text === "" ? {} : parseJson(text);
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw notAnObject();
  return body as Record<string, unknown>;
}

async function readText(body: Request["body"]): Promise<string> {
  if (body === null) return "";
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new TextDecoder().decode(Buffer.concat(pieces));
    bytes += value.length;
    // Left unread and not cancelled: that would end the connection before the answer is on it.
    if (bytes > bodyBytesMax) throw tooLarge();
    pieces.push(value);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notAnObject();
  }
}

const tooLarge = () => new AppError({ code: "too_large", userMessage: "The body has more than 256 KB." });
const notAnObject = () =>
  new AppError({ code: "invalid_input", userMessage: "The body must be a JSON object." });
