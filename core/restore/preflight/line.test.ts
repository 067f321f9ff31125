import { describe, expect, it } from "vitest";
import { isTicked, lookedLine, warning } from "./line.ts";

const words = { detail: "", todo: "", accept: "" };
const unhealthy = (title: string, extent: number) =>
  warning("servers", title, { reason: "unhealthy", extent, ...words });
const ticked = unhealthy("1 of 5 servers not healthy", -1);

describe("a warning right before a restore", () => {
  it("is known where the same was ticked, whatever numbers its title has by now", () => {
    expect(isTicked(unhealthy("1 of 4 servers not healthy", -1), [ticked])).toBe(true);
  });
  it("is known where it was worse, and new where it is more than was ticked", () => {
    const worse = unhealthy("2 of 5 servers not healthy", 0);
    expect(isTicked(ticked, [worse])).toBe(true);
    expect(isTicked(worse, [ticked])).toBe(false);
  });
  it("is new for another reason under the same name, and under another name for the same reason", () => {
    const notKnown = warning("servers", ticked.title, { reason: "unknown", ...words });
    expect(isTicked(notKnown, [ticked])).toBe(false);
    expect(isTicked(ticked, [notKnown])).toBe(false);
    const other = warning("version", ticked.title, { reason: "unhealthy", extent: -1, ...words });
    expect(isTicked(ticked, [other])).toBe(false);
  });
  it("is new where that line passed or blocked", () => {
    expect(isTicked(ticked, [{ ...ticked, result: "pass" }])).toBe(false);
    expect(isTicked(ticked, [{ ...ticked, result: "block" }])).toBe(false);
  });
  it("is compared by its title with a row from before there were reasons", () => {
    const { reason: _, extent: __, ...old } = ticked;
    const [stored = ticked] = lookedLine.array().parse([old]);
    expect(stored.reason).toBeNull();
    expect(isTicked(ticked, [stored])).toBe(true);
    expect(isTicked(unhealthy("2 of 5 servers not healthy", 0), [stored])).toBe(false);
  });
});
