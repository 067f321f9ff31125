import { describe, expect, it } from "vitest";
import { type RecoveryItem, recoveryActions, recoveryResults } from "#core/recoveries/contract.ts";
import { filtersOf, isShow, partsWords, sizeWords } from "./item-words.ts";

const item: RecoveryItem = {
  key: "kv:YQ",
  kind: "kv",
  label: "a",
  name: { keyId: "YQ", text: "a", isUtf8: true },
  action: "update",
  liveBytes: 812,
  snapshotBytes: 846,
  closed: null,
  parts: ["value", "flags"],
  result: null,
  resultText: "",
};

describe("an item of a plan", () => {
  it("has the sizes that matter", () => {
    expect(sizeWords(item)).toBe("812 B to 846 B");
    expect(sizeWords({ ...item, liveBytes: 846 })).toBe("846 B, same size");
    expect(sizeWords({ ...item, action: "create", liveBytes: null, snapshotBytes: 0 })).toBe("0 B");
  });
  it("says what differs where something does", () => {
    expect(partsWords(item)).toBe("value, flags");
    expect(partsWords({ ...item, action: "create" })).toBe("");
  });
});

describe("the filters", () => {
  const none = { create: 0, update: 0, unchanged: 0, applied: 0, conflict: 0, refused: 0 };
  const counts = { ...none, unknown: 0, undone: 0, undoConflict: 0 };
  it("offer what is there, trouble first", () => {
    const filters = filtersOf({ ...counts, create: 12, applied: 11, conflict: 1 });
    expect(filters.map(({ show, count }) => `${show} ${count}`)).toEqual([
      "conflict 1",
      "applied 11",
      "create 12",
    ]);
    expect(filtersOf(counts)).toEqual([]);
  });
  it("are those that the server knows", () => {
    for (const show of [...recoveryActions, ...recoveryResults]) expect(isShow(show), show).toBe(true);
    expect(isShow("toString")).toBe(false);
  });
});
