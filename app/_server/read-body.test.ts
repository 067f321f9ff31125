import { describe, expect, it } from "vitest";
import { readBody } from "./read-body.ts";

const kb = 1024;

/** A body that never says how long it is. */
function endless(): { body: ReadableStream<Uint8Array<ArrayBuffer>>; givenBytes: () => number } {
  let givenBytes = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      givenBytes += 64 * kb;
      controller.enqueue(new Uint8Array(64 * kb).fill(97));
    },
  });
  return { body, givenBytes: () => givenBytes };
}
const textBody = (text: string) => new Request("http://any", { method: "POST", body: text });

describe("the body of a request", () => {
  it("without a length is read no further than is allowed", async () => {
    const { body, givenBytes } = endless();
    await expect(readBody({ headers: new Headers(), body })).rejects.toMatchObject({ code: "too_large" });
    expect(givenBytes()).toBeLessThan(1_000 * kb);
  });

  it("is an object, whatever letters are in it and however it was cut", async () => {
    const bytes = new TextEncoder().encode('{"username":"größe 🔑"}');
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
        controller.close();
      },
    });
    expect(await readBody({ headers: new Headers(), body })).toEqual({ username: "größe 🔑" });
    expect(await readBody(textBody(""))).toEqual({});
  });

  it.each(["[]", "null", '"text"', "{", "1"])("%s is refused, and not repeated", async (text) => {
    await expect(readBody(textBody(text))).rejects.toMatchObject({
      code: "invalid_input",
      message: "The body must be a JSON object.",
    });
  });
});
