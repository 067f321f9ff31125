import { describe, expect, it } from "vitest";
import { ancestorsOf, fileNameOf, opensOf } from "./key-path.ts";

const id = (bytes: string | number[]) => Buffer.from(bytes as string).toString("base64url");

describe("the folders above a key", () => {
  it("follow from its bytes, outermost first", () => {
    expect(ancestorsOf(id("a/b/c"))).toEqual([id("a/"), id("a/b/")]);
    expect(ancestorsOf(id("a/b/"))).toEqual([id("a/")]);
    expect(opensOf(id("a/b/"))).toEqual([id("a/"), id("a/b/")]);
    expect(ancestorsOf(id("top"))).toEqual([]);
    expect(opensOf("")).toEqual([]);
  });

  it("are right for doubled slashes and for bytes that are no UTF-8", () => {
    expect(ancestorsOf(id("/a//b"))).toEqual([id("/"), id("/a/"), id("/a//")]);
    expect(ancestorsOf(id([0xff, 0x2f, 0xfe]))).toEqual([id([0xff, 0x2f])]);
  });

  it("are none for a link that somebody broke", () => {
    expect(ancestorsOf("%%%")).toEqual([]);
  });
});

it("a file's name leads nowhere", () => {
  expect(fileNameOf("app/config.json")).toBe("config.json");
  expect(fileNameOf("a/../..")).toBe("_");
  expect(fileNameOf("..\\x\0\u202egpj.exe")).toBe("x__gpj.exe");
  expect(fileNameOf("")).toBe("value");
  expect(fileNameOf("folder/")).toBe("folder");
});
