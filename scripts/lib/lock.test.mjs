import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { withLock } from "./lock.mjs";
import { inRepo } from "./paths.mjs";

const name = `test-${process.pid}`;
const file = inRepo(".cache", "locks", name);

describe("the lock of a checkout", () => {
  it("makes the second wait for the first, and says so once", async () => {
    const order = [];
    const onWait = vi.fn();
    let release;
    const first = withLock(name, onWait, async () => {
      order.push("first in");
      await new Promise((resolve) => {
        release = resolve;
      });
      order.push("first out");
    });
    const second = withLock(
      name,
      () => release(),
      async () => order.push("second in"),
    );
    await Promise.all([first, second]);
    expect(order).toEqual(["first in", "first out", "second in"]);
    expect(onWait).not.toHaveBeenCalled();
    expect(existsSync(file)).toBe(false);
  });

  it("is taken over from a holder that was killed", async () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    writeFileSync(file, String(pid));
    expect(
      await withLock(
        name,
        () => {},
        async () => "in",
      ),
    ).toBe("in");
  });

  it("is given back when the work fails", async () => {
    const failing = withLock(
      name,
      () => {},
      async () => {
        throw new Error("no");
      },
    );
    await expect(failing).rejects.toThrow("no");
    expect(existsSync(file)).toBe(false);
  });
});
