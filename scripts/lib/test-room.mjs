import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const kept = new Set(["CONSUL_BIN"]);

/** Takes away what the developer's shell says about Consul and Snapkeep: it must not reach a test or the demo. */
export function withoutOwnSettings(env = process.env) {
  const names = Object.keys(env).filter((name) => /^(CONSUL|SNAPKEEP)_/.test(name) && !kept.has(name));
  return Object.fromEntries([...names, "NODE_ENV", "FORCE_COLOR"].map((name) => [name, undefined]));
}

/**
 * A temporary folder of one test run. Whatever the run starts has it as TMPDIR (the Consul servers have a folder
 * below it), so that processes that were left behind can be told from everybody else's.
 */
export class TestRoom {
  folder = mkdtempSync(path.join(realpathSync(tmpdir()), "snapkeep-run-"));

  /** What tests leave for the check of secrets. */
  evidence = path.join(this.folder, "evidence");

  environment() {
    mkdirSync(this.evidence, { recursive: true });
    return {
      ...withoutOwnSettings(),
      TMPDIR: this.folder,
      TEST_EVIDENCE: this.evidence,
      NO_COLOR: "1",
      NEXT_TELEMETRY_DISABLED: "1",
    };
  }

  /** `{ pid, command }` of what still runs. Linux only; elsewhere nothing can be said. */
  leftovers() {
    if (process.platform !== "linux") return [];
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
      .map((name) => ({ pid: Number(name), command: this.#commandOfOurs(name) }))
      .filter(({ command }) => command !== null);
  }

  #commandOfOurs(pid) {
    try {
      const variables = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
      if (!variables.some((variable) => variable.startsWith(`TMPDIR=${this.folder}`))) return null;
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ").trim();
    } catch {
      // It is another user's, or it ended this moment.
      return null;
    }
  }

  /** Gives what is ending a moment, kills the rest and removes the folder. Resolves with what had to be killed. */
  async close(graceMs = 5_000) {
    const giveUpAt = Date.now() + graceMs;
    while (this.leftovers().length > 0 && Date.now() < giveUpAt) await sleep(100);
    const killed = this.leftovers();
    for (const { pid } of killed) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It ended by itself after all.
      }
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    return killed;
  }
}
