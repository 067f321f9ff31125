import { describe, expect, it } from "vitest";
import { formatDuration, Progress } from "./say.mjs";

function record(options) {
  let text = "";
  let nowMs = 0;
  const stream = { columns: 40, write: (part) => (text += part) };
  const progress = new Progress({ stream, colour: false, now: () => nowMs, ...options });
  return { progress, text: () => text, pass: (ms) => (nowMs += ms) };
}

describe("progress", () => {
  it("prints whole lines where there is no terminal", () => {
    const { progress, text, pass } = record({ live: false });
    const step = progress.begin("Building");
    progress.say("a word");
    pass(1_500);
    step.done("3 pages");
    expect(text()).toBe("… Building\na word\n✓ Building  1.5 s  3 pages\n");
  });

  it("clears its line on a terminal before it prints another", () => {
    const { progress, text } = record({ live: true });
    const step = progress.begin("Building");
    progress.say("a word");
    step.fail();
    expect(text()).toContain("a word\n");
    expect(text()).toContain("\r\u001b[K✗ Building");
  });

  it("says durations the way people read them", () => {
    expect([40, 9_940, 9_960, 59_400, 125_000].map(formatDuration)).toEqual([
      "0.0 s",
      "9.9 s",
      "10 s",
      "59 s",
      "2 min 05 s",
    ]);
  });
});
