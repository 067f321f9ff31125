import { describe, expect, it } from "vitest";
import { names, oneOf, parseArguments, wholeNumber } from "./arguments.ts";
import { isWanted, parseDiffQuestion } from "./diff-question.ts";
import { UsageError } from "./exit.ts";
import { parseKind } from "./kinds.ts";

const flags = {
  format: { type: "string" },
  reveal: { type: "boolean" },
  type: { type: "string", multiple: true },
} as const;

describe("arguments", () => {
  it("are flags in any place, and names; `-` is a name and `--` ends the flags", () => {
    const { values, positionals } = parseArguments(
      ["a", "--format=json", "-", "--type", "kv", "--type", "node", "--reveal", "--", "--b"],
      flags,
    );
    expect({ ...values }).toEqual({ format: "json", reveal: true, type: ["kv", "node"] });
    expect(positionals).toEqual(["a", "-", "--b"]);
  });

  it.each([
    [["--formt", "json"], "Unknown option '--formt'."],
    [["--format"], "Option '--format <value>' argument missing."],
    [["--reveal=yes"], "Option '--reveal' does not take an argument."],
    [["-x"], "Unknown option '-x'."],
  ])("%j are refused in one sentence", (args, sentence) => {
    expect(() => parseArguments(args, flags)).toThrow(new UsageError(sentence));
  });

  it("have values that the flag takes", () => {
    expect(oneOf("format", undefined, ["pretty", "json"], "pretty")).toBe("pretty");
    expect(() => oneOf("format", "xml", ["pretty", "json"], "pretty")).toThrow(
      "--format takes pretty, json; not 'xml'.",
    );
    expect([wholeNumber("n", "0"), wholeNumber("n", undefined)]).toEqual([0, undefined]);
    for (const wrong of ["-1", "1.5", "", "1e3", "99999999"]) {
      expect(() => wholeNumber("n", wrong)).toThrow(UsageError);
    }
    expect(() => names([], 1, 1, "one FILE")).toThrow("Something is missing: it takes one FILE.");
    expect(() => names(["a", "b"], 1, 1, "one FILE")).toThrow("Too many names: it takes one FILE.");
  });
});

describe("a kind of record", () => {
  it.each([
    ["kv", "kv"],
    ["keys", "kv"],
    ["services", "service"],
    ["tokens", "acl-token"],
    ["ACL-Tokens", "acl-token"],
    ["policies", "acl-policy"],
    ["acl-policy", "acl-policy"],
    ["roles", "acl-role"],
    ["config-entries", "config-entry"],
    ["queries", "prepared-query"],
    ["prepared-queries", "prepared-query"],
    ["indexes", "index"],
    ["chunking-state", "chunking-state"],
  ])("%s is %s", (name, kind) => {
    expect(parseKind("type", name)).toBe(kind);
  });

  it.each(["secrets", "", "s", "constructor", "__proto__"])("%j is none", (name) => {
    expect(() => parseKind("type", name)).toThrow(UsageError);
  });
});

describe("what a comparison is asked", () => {
  const key = (text: string) =>
    ({ kind: "kv", key: Buffer.from(text) }) as unknown as Parameters<typeof isWanted>[1];
  const token = { kind: "acl-token" } as unknown as Parameters<typeof isWanted>[1];

  it("limits it to kinds, or to keys below a prefix", () => {
    const all = parseDiffQuestion(["a", "b"]);
    expect([isWanted(all, key("x")), isWanted(all, token)]).toEqual([true, true]);
    const tokens = parseDiffQuestion(["a", "b", "--type", "tokens"]);
    expect([isWanted(tokens, key("x")), isWanted(tokens, token)]).toEqual([false, true]);
    const prefix = parseDiffQuestion(["a", "b", "--prefix", "app/"]);
    const wanted = [key("app/x"), key("app"), key("app/"), token].map((each) => isWanted(prefix, each));
    expect(wanted).toEqual([true, false, true, false]);
  });

  it.each([
    [["a"], "two files"],
    [["-", "-"], "once only"],
    [["a", "b", "--reveal"], "goes with --values"],
    [["a", "b", "--prefix", "x", "--type", "tokens"], "--prefix is for keys"],
  ])("is refused where %j makes no sense", (args, sentence) => {
    expect(() => parseDiffQuestion(args)).toThrow(sentence);
  });
});
