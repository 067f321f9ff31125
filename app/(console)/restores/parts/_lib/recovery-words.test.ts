import { describe, expect, it } from "vitest";
import { type RecoveryCounts, recoveryStates, type Selection } from "#core/recoveries/contract.ts";
import {
  isMoving,
  keyTextOf,
  planWords,
  recoverSentence,
  recoveryMeaning,
  recoveryState,
  recoveryVerdict,
  selectionWords,
  undoSentence,
} from "./recovery-words.ts";

const none: RecoveryCounts = {
  create: 0,
  update: 0,
  unchanged: 0,
  applied: 0,
  conflict: 0,
  refused: 0,
  unknown: 0,
  undone: 0,
  undoConflict: 0,
};
const prefix: Selection = { prefix: "checkout/" };
const policy: Selection = { kind: "acl-policy", identity: "operators" };
const plan = (counts: Partial<RecoveryCounts>, selections: Selection[] = [prefix]) => ({
  counts: { ...none, ...counts },
  selections,
  datacenter: "dc1",
});

describe("a plan", () => {
  it("counts what comes back, what changes and what is as it is", () => {
    expect(planWords(plan({ create: 12, update: 3, unchanged: 1_040 }))).toBe(
      "12 keys come back, 3 change, 1,040 are as they are",
    );
    expect(planWords(plan({ create: 1, update: 1, unchanged: 1 }))).toBe(
      "1 key comes back, 1 changes, 1 is as it is",
    );
    expect(planWords(plan({ update: 1 }))).toBe("1 key changes");
    expect(planWords(plan({}))).toBe("Nothing of what was chosen is in the snapshot");
  });

  it("calls things what they are", () => {
    expect(planWords(plan({ create: 2 }, [policy]))).toBe("2 records come back");
    expect(planWords(plan({ create: 2 }, [policy, prefix]))).toBe("2 keys and records come back");
  });

  it("says on its button how much is written, without what is in place", () => {
    expect(recoverSentence(plan({ create: 12, update: 3, unchanged: 40 }))).toBe("Recover 15 keys into dc1");
    expect(undoSentence(plan({ create: 12, update: 3, applied: 14 }))).toBe("Take back 14 keys in dc1");
  });
});

describe("the verdict", () => {
  it("is all there only where all of it is", () => {
    const row = { ...plan({ create: 3, applied: 2, conflict: 1 }), state: "partial" } as const;
    expect(recoveryVerdict(row)).toBe("2 keys recovered, not all");
    expect(recoveryVerdict({ ...row, state: "applied", counts: { ...none, create: 3, applied: 3 } })).toBe(
      "3 keys recovered into dc1",
    );
  });

  it("is green for what was recovered whole, and for nothing else", () => {
    expect(recoveryStates.filter((state) => recoveryState(state).tone === "good")).toEqual(["applied"]);
  });

  it("never says that nothing was written where it is not known", () => {
    const row = { ...plan({ create: 3, applied: 1, unknown: 2 }), state: "interrupted" } as const;
    expect(recoveryMeaning(row)).toBe("Of 2 it is not known whether they were written. The list says which.");
    expect(recoveryMeaning(row)).not.toContain("not sent");
  });

  it("moves while something is done, and in no other state", () => {
    const moving = recoveryStates.filter((state) => isMoving({ state }));
    expect(moving).toEqual(["planning", "applying", "undoing"]);
    for (const state of moving) expect(recoveryState(state).tone).toBe("run");
  });
});

describe("what was chosen", () => {
  it("is a key, a folder, all keys or a record", () => {
    const id = Buffer.from("checkout/ü").toString("base64url");
    expect(selectionWords({ keyId: id }, keyTextOf)).toBe("checkout/ü");
    expect(selectionWords(prefix, keyTextOf)).toBe("checkout/…");
    expect(selectionWords({ prefix: "" }, keyTextOf)).toBe("All keys");
    expect(selectionWords(policy, keyTextOf)).toBe("Policy operators");
    expect(keyTextOf("%%%")).toBe("%%%");
  });
});
