import { afterEach, describe, expect, it } from "vitest";
import { selectionsMax as mostOfContract } from "#core/recoveries/contract.ts";
import { folderChoice, keyChoice, prefixChoice, prefixOfPattern, recordChoice } from "./recover-choice.ts";
import { choose, chosenOf, clearChosen, selectionsMax, unchoose } from "./recover-store.ts";

const folder = { path: { keyId: "Y2hlY2tvdXQv", text: "checkout/", isUtf8: true } };
const policy = recordChoice("acl-policy", "0d4f", "operators");

afterEach(() => clearChosen("s-1"));

describe("what can be chosen", () => {
  it("is a key by its bytes and a folder by its prefix", () => {
    expect(keyChoice({ keyId: "YQ", text: "a" })).toEqual({
      chosen: { id: "key:YQ", selection: { keyId: "YQ" }, words: "a" },
    });
    expect(folderChoice(folder)).toMatchObject({
      chosen: { selection: { prefix: "checkout/" }, words: "checkout/…" },
    });
  });

  it("is a record by its identity, called by its name", () => {
    expect(policy).toEqual({
      id: "acl-policy:0d4f",
      selection: { kind: "acl-policy", identity: "0d4f" },
      words: "Policy operators",
    });
  });

  it("is no folder whose name can't be said in text, and the reason is given", () => {
    const binary = { path: { ...folder.path, isUtf8: false } };
    expect(folderChoice(binary)).toHaveProperty("reason");
    expect(prefixChoice("x".repeat(2_001))).toHaveProperty("reason");
    expect(prefixChoice("x".repeat(2_000))).toHaveProperty("chosen");
  });

  it("is the prefix of a search, and not what another pattern finds", () => {
    expect(prefixOfPattern("checkout/")).toBe("checkout/");
    expect(prefixOfPattern("checkout/*")).toBe("checkout/");
    expect(prefixOfPattern("checkout/*_key")).toBeNull();
    expect(prefixOfPattern("che?kout/*")).toBeNull();
  });
});

describe("the choice", () => {
  it("holds a thing once, and of one snapshot alone", () => {
    choose("s-1", policy);
    choose("s-1", policy);
    expect(chosenOf("s-1")).toEqual([policy]);
    expect(chosenOf("s-2")).toEqual([]);
    choose("s-2", policy);
    expect(chosenOf("s-1")).toEqual([]);
    unchoose("s-2", policy.id);
    expect(chosenOf("s-2")).toEqual([]);
  });

  it("takes no more than a plan does", () => {
    expect(selectionsMax).toBe(mostOfContract);
    for (let number = 0; number <= selectionsMax; number++) {
      choose("s-1", recordChoice("acl-policy", `p-${number}`, ""));
    }
    expect(chosenOf("s-1")).toHaveLength(selectionsMax);
  });
});
