import { expect, it } from "vitest";
import { jsonItems } from "./json-items.ts";

async function* inPieces(text: string, bytes: number): AsyncGenerator<Buffer> {
  const all = Buffer.from(text);
  for (let at = 0; at < all.length; at += bytes) yield all.subarray(at, at + bytes);
}

async function itemsOf(text: string, bytes: number): Promise<string[]> {
  const found: string[] = [];
  for await (const item of jsonItems(inPieces(text, bytes), 1_000)) found.push(item);
  return found;
}

const objects = [
  { Key: 'a"b\\', Flags: 1 },
  { Key: "}],[{", Value: null },
  { Key: "ü\u2028😀", Deep: { list: [{ a: '\\"]' }] } },
];

it("gives every object of a list as it was written, wherever the pieces end", async () => {
  const text = JSON.stringify(objects, null, 4);
  for (let bytes = 1; bytes <= text.length; bytes += 1) {
    const found = await itemsOf(text, bytes);
    expect(found.map((item) => JSON.parse(item))).toEqual(objects);
  }
  expect(await itemsOf("[]\n", 1)).toEqual([]);
  expect(await itemsOf('[{"Flags":18446744073709551615}]', 7)).toEqual(['{"Flags":18446744073709551615}']);
});

it("refuses a list that does not end, and what is no list", async () => {
  await expect(itemsOf('[{"Key":"a"},{"Key":', 5)).rejects.toMatchObject({ code: "consul_broken_stream" });
  await expect(itemsOf("", 5)).rejects.toMatchObject({ code: "consul_broken_stream" });
  await expect(itemsOf('{"Key":"a"}', 5)).rejects.toMatchObject({ code: "consul_error" });
  await expect(itemsOf("<html>", 5)).rejects.toMatchObject({ code: "consul_error" });
  await expect(itemsOf(`[{"Key":"${"a".repeat(2_000)}"}]`, 100)).rejects.toMatchObject({ code: "too_large" });
});
