import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { isAppError } from "#core/kernel/errors.ts";
import { makeTempFolder, registerChild, removeTempFolder } from "#core/testing/leftovers.ts";
import { lockInstance } from "./instance-lock.ts";

let folder: string;
let file: string;

beforeEach(() => {
  folder = makeTempFolder("snapkeep-lock-");
  file = path.join(folder, "instance.lock");
});
afterEach(() => removeTempFolder(folder));

function tryLock(): string {
  try {
    lockInstance(file)();
    return "got it";
  } catch (error) {
    if (!isAppError(error)) throw error;
    return `${error.code}: ${error.userMessage}`;
  }
}
const refused = () =>
  `conflict: Another Snapkeep runs on this data folder (${file} is locked). Stop it first, or set SNAPKEEP_DATA to another folder.`;

/** Another process that holds the lock, and has said so. */
async function startHolder(): Promise<ChildProcess> {
  const lock = fileURLToPath(new URL("./instance-lock.ts", import.meta.url));
  const script = `import { lockInstance } from ${JSON.stringify(lock)};
    lockInstance(${JSON.stringify(file)});
    process.stdout.write("held");
    process.stdin.resume();`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", script], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { NODE_ENV: "test" },
  });
  registerChild(child);
  const [said] = (await once(child.stdout, "data")) as [Buffer];
  expect(said.toString()).toBe("held");
  return child;
}

it("a second holder in the same process is refused, and gets the lock once the first has let go", () => {
  const unlock = lockInstance(file);
  expect(tryLock()).toBe(refused());
  unlock();
  expect(tryLock()).toBe("got it");
});

it("a second process is refused, and gets the lock when the first was killed", async () => {
  const holder = await startHolder();
  expect(tryLock()).toBe(refused());
  const gone = once(holder, "exit");
  holder.kill("SIGKILL");
  await gone;
  expect(tryLock()).toBe("got it");
});
