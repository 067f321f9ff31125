import { describe, expect, it } from "vitest";
import { nextPath, secondFactorInput } from "./contract.ts";

describe("the page to go on to after a sign-in", () => {
  it.each(["/", "/snapshots", "/snapshots?state=failed&q=a%20b#row", "/restores/r-1"])(
    "%j is one of ours",
    (path) => {
      expect(nextPath(path)).toBe(path);
    },
  );
  it.each([
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/.//evil.example",
    "/a/..//evil.example",
    "https://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "evil.example",
    " /snapshots",
    "",
    undefined,
    null,
    ["/snapshots"],
  ])("%j leads nowhere but to the start page", (text) => {
    expect(nextPath(text)).toBe("/");
  });
});

describe("the second step of a sign-in", () => {
  it.each([
    [{ code: "123 456" }, true],
    [{ recoveryCode: "abcde-fghij" }, true],
    [{}, false],
    [{ code: "123456", recoveryCode: "abcde-fghij" }, false],
    [{ code: "12345" }, false],
    [{ code: "１２３４５６" }, false],
  ])("takes a code or a recovery code: %j", (input, good) => {
    expect(secondFactorInput.safeParse(input).success).toBe(good);
  });
});
