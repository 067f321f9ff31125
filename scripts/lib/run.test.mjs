import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createLineSplitter, run, start } from "./run.mjs";
import { TestRoom, withoutOwnSettings } from "./test-room.mjs";

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function untilGone(pid) {
  for (let waited = 0; isAlive(pid) && waited < 30_000; waited += 20) await sleep(20);
  return !isAlive(pid);
}

/** Prints the pid of a grandchild that would run for a minute, then waits as well unless told to end. */
const parentOf = (ending) => `
  const child = require("node:child_process").spawn("sleep", ["60"], { stdio: "inherit" });
  console.log(child.pid);
  ${ending}`;

describe("a command", () => {
  it("gives its lines as they come and all of its output at the end", async () => {
    const lines = [];
    const script = 'process.stdout.write("a\\nb"); process.stderr.write("c\\n"); process.exitCode = 3;';
    const { code, output } = await run(process.execPath, ["-e", script], {
      onLine: (line, stream) => lines.push(`${stream} ${line}`),
    });
    expect(code).toBe(3);
    expect(lines.sort()).toEqual(["stderr c", "stdout a", "stdout b"]);
    expect(output.split("\n").sort()).toEqual(["", "a", "b", "c"]);
  });

  it("that doesn't exist has code 127", async () => {
    expect((await run("snapkeep-no-such-command")).code).toBe(127);
  });

  it("takes its children along when it is stopped", async () => {
    let hear;
    const heard = new Promise((resolve) => {
      hear = resolve;
    });
    const command = start(process.execPath, ["-e", parentOf("setInterval(() => {}, 1000)")], {
      onLine: hear,
    });
    const grandchild = Number(await heard);
    expect(isAlive(grandchild)).toBe(true);
    await command.stop();
    expect(await untilGone(grandchild)).toBe(true);
  });

  it("leaves no child behind when it ends by itself", async () => {
    const { output } = await run(process.execPath, ["-e", parentOf("child.unref(); process.exit()")]);
    expect(await untilGone(Number(output))).toBe(true);
  });
});

describe("the line splitter", () => {
  it("joins what a chunk's end cut apart", () => {
    const lines = [];
    const splitter = createLineSplitter((line) => lines.push(line));
    splitter.push("on");
    splitter.push("e\r\ntwo\nthr");
    expect(lines).toEqual(["one", "two"]);
    splitter.push("ee");
    splitter.flush();
    expect(lines).toEqual(["one", "two", "three"]);
  });
});

describe("a test room", () => {
  it("takes the developer's Consul and Snapkeep settings away, but for the binary", () => {
    const shell = { CONSUL_HTTP_TOKEN: "t", SNAPKEEP_SECRET: "s", CONSUL_BIN: "/consul", PATH: "/bin" };
    const names = Object.keys(withoutOwnSettings(shell));
    expect(names).toContain("CONSUL_HTTP_TOKEN");
    expect(names).toContain("SNAPKEEP_SECRET");
    expect(names).not.toContain("CONSUL_BIN");
    expect(names).not.toContain("PATH");
  });

  it.runIf(process.platform === "linux")("finds and ends a process that left its group", async () => {
    const room = new TestRoom();
    const script = `
      const child = require("node:child_process").spawn("sleep", ["60"], { stdio: "ignore", detached: true });
      console.log(child.pid);
      child.unref();`;
    const { output } = await run(process.execPath, ["-e", script], { env: room.environment() });
    const killed = await room.close(100);
    expect(killed).toEqual([{ pid: Number(output), command: "sleep 60" }]);
    expect(await untilGone(Number(output))).toBe(true);
  });
});
