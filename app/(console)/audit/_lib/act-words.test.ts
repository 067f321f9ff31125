import { describe, expect, it } from "vitest";
import { auditOutcomes } from "#core/audit/contract.ts";
import { actSentence, initialsOf } from "./act-words.ts";

const entry = {
  action: "schedule.update",
  outcome: "ok",
  target: "hourly-us",
  actorName: "night-shift",
} as const;

describe("the sentence of an entry", () => {
  it("says what was done to what", () => {
    expect(actSentence(entry)).toEqual({ words: "changed schedule", target: "hourly-us" });
    expect(actSentence({ ...entry, action: "snapshot.take", target: "dc1 in prod-us" })).toEqual({
      words: "took a snapshot of",
      target: "dc1 in prod-us",
    });
  });

  it("never claims that something was done unless it was", () => {
    const acts = [
      "snapshot.delete",
      "restore.run",
      "secret.reveal",
      "token.revoke",
      "odd.act",
      "snapshot.drill",
    ];
    for (const action of [
      ...acts,
      "recovery.apply",
      "recovery.undo",
      "restore.approve",
      "drill.unschedule",
    ]) {
      const done = actSentence({ ...entry, action }).words;
      for (const outcome of auditOutcomes.filter((one) => one !== "ok")) {
        expect(actSentence({ ...entry, action, outcome }).words, `${action} ${outcome}`).not.toContain(done);
      }
    }
  });

  it("has words of its own for all that belongs to a restore", () => {
    const said = (action: string, target: string) => {
      const { words } = actSentence({ ...entry, action, target });
      return `${words} ${target}`;
    };
    expect(said("recovery.apply", "part of s-1 into dc1 in prod-us")).toBe(
      "recovered part of s-1 into dc1 in prod-us",
    );
    expect(said("snapshot.drill", "dc1, s-1")).toBe("drilled dc1, s-1");
    expect(said("drill.schedule", "dc1 in prod-us")).toBe("set the schedule of drills of dc1 in prod-us");
    expect(said("restore.preflight", "dc1 in prod-us from s-1")).toBe(
      "ran the preflight of a restore of dc1 in prod-us from s-1",
    );
    expect(said("snapshot.import", "dc1, s-1")).toBe("imported dc1, s-1");
  });

  it("leaves out a target that is the actor", () => {
    const own = { ...entry, action: "session.sign_in", target: "night-shift" };
    expect(actSentence(own)).toEqual({ words: "signed in", target: null });
    expect(actSentence({ ...own, actorName: "unknown", outcome: "denied" })).toEqual({
      words: "was not allowed to sign in as",
      target: "night-shift",
    });
  });

  it("keeps a target that is the actor where the sentence needs it", () => {
    expect(actSentence({ ...entry, action: "person.disable", target: "night-shift" })).toEqual({
      words: "disabled person",
      target: "night-shift",
    });
  });

  it("names an act that nobody foresaw as the log does", () => {
    expect(actSentence({ ...entry, action: "gadget.frobnicate" }).words).toBe("did gadget.frobnicate on");
  });
});

describe("an actor", () => {
  it("has two letters at the most", () => {
    expect(["night-shift", "admin", "x", ""].map(initialsOf)).toEqual(["NS", "AD", "X", ""]);
  });
});
