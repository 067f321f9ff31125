import { expect, it } from "vitest";
import { keyWords } from "./key-name.tsx";

it("a key is shown with its control characters, and without its middle when it is long", () => {
  expect(keyWords("a/b")).toBe("a/b");
  expect(keyWords("../\0<b>\u202e")).toBe("../␀<b>[U+202E]");
  const long = keyWords(`start/${"x".repeat(10_000)}/end`, 60);
  expect(long).toHaveLength(60);
  expect(long.startsWith("start/xxx")).toBe(true);
  expect(long.endsWith("xxx/end")).toBe(true);
});

it("a key of nothing but deceiving letters doesn't grow without limit", () => {
  expect(keyWords("\u202e".repeat(10_000), 60).length).toBeLessThanOrEqual(60);
});
