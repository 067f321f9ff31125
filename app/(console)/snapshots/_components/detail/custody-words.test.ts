import { describe, expect, it } from "vitest";
import { auditOutcomes, type CustodyEvent } from "#core/audit/contract.ts";
import { custodyLine } from "./custody-words.ts";

const id = "s-7f3k2m9q";
const event: CustodyEvent = {
  entry: 7,
  at: "2026-07-23T03:14:02.000Z",
  action: "snapshot.download",
  outcome: "ok",
  actorName: "ops-second",
  actorKind: "person",
  detail: "209.9 MB",
  target: `dc1, ${id}`,
  requestId: "req-5c1e90",
  address: "10.44.2.17",
};
const words = (change: Partial<CustodyEvent>) => {
  const line = custodyLine({ ...event, ...change }, id);
  return [line.words, line.about, line.more].filter((part) => part !== null).join(" | ");
};

describe("an event of a snapshot's custody", () => {
  it("says what was done, and with what", () => {
    expect(words({})).toBe("Downloaded | 209.9 MB");
    expect(words({ action: "restore.run", target: `dc1 in prod-us from ${id}` })).toBe(
      "Restored to dc1 in prod-us",
    );
    expect(words({ action: "snapshot.compare", target: `${id} and s-5c8r1v0e`, detail: "2 added" })).toBe(
      "Compared | with s-5c8r1v0e | 2 added",
    );
    expect(words({ action: "snapshot.compare", target: `dc2 now and ${id}`, detail: null })).toBe(
      "Compared | with dc2 now",
    );
    expect(words({ action: "snapshot.pin", detail: "unpinned" })).toBe("Unpinned");
    expect(words({ action: "snapshot.pin", detail: "pinned" })).toBe("Pinned");
    expect(words({ action: "odd.act" })).toBe("odd.act");
  });

  it("says what a drill showed, and where a part came back", () => {
    const drill = { action: "snapshot.drill", target: `dc1, ${id}`, detail: "All of it." } as const;
    expect(words(drill)).toBe("Drill passed | All of it.");
    expect(custodyLine({ ...event, ...drill }, id).tone).toBe("good");
    expect(words({ ...drill, outcome: "failed" })).toBe("Drill failed");
    const part = { target: `part of ${id} into dc1 in prod-us`, detail: "3 of 3 recovered." };
    expect(words({ ...part, action: "recovery.apply" })).toBe(
      "Part recovered | into dc1 in prod-us | 3 of 3 recovered.",
    );
    expect(words({ ...part, action: "recovery.undo", outcome: "unknown" })).toBe(
      "Taking back the recovery into dc1 in prod-us, outcome unknown",
    );
    const asked = { target: `dc1 in prod-us from ${id}`, detail: null };
    expect(words({ ...asked, action: "restore.approve" })).toBe("Restore approved | to dc1 in prod-us");
  });

  it("names what was tried with all that belongs to it", () => {
    const target = `dc1 in prod-us from ${id}`;
    expect(words({ action: "restore.run", target, outcome: "failed" })).toBe(
      "Restore to dc1 in prod-us failed",
    );
    expect(words({ action: "restore.run", target, outcome: "unknown" })).toBe(
      "Restore to dc1 in prod-us, outcome unknown",
    );
  });

  it("never says that something was done which was not", () => {
    for (const action of [
      "snapshot.download",
      "restore.run",
      "snapshot.delete",
      "secret.reveal",
      "snapshot.drill",
      "recovery.apply",
      "recovery.undo",
      "restore.approve",
    ]) {
      const done = words({ action, detail: null });
      for (const outcome of auditOutcomes.filter((one) => one !== "ok")) {
        expect(words({ action, outcome, detail: null }), `${action} ${outcome}`).not.toContain(done);
      }
    }
  });

  it("says why it was refused or failed, and nothing where it went well", () => {
    expect(custodyLine({ ...event, outcome: "failed", detail: "The connection broke." }, id).why).toBe(
      "The connection broke.",
    );
    expect(custodyLine(event, id).why).toBeNull();
  });

  it("has the colour of its outcome", () => {
    const tones = auditOutcomes.map((outcome) => custodyLine({ ...event, outcome }, id).tone);
    expect(tones).toEqual(["idle", "idle", "warn", "bad", "warn"]);
    expect(custodyLine({ ...event, action: "snapshot.verify" }, id).tone).toBe("good");
  });

  it("says from where when bytes left, and when somebody was refused", () => {
    expect(custodyLine(event, id).address).toBe("10.44.2.17");
    expect(custodyLine({ ...event, action: "snapshot.pin" }, id).address).toBeNull();
    expect(custodyLine({ ...event, action: "snapshot.pin", outcome: "denied" }, id).address).toBe(
      "10.44.2.17",
    );
  });
});
