import { readFileSync, writeFileSync } from "node:fs";
import { curl } from "./commands.mjs";
import { upload, verifyFile } from "./figures.mjs";

export const memoryTargetBytes = 200_000_000;
/** "The same": a peak is known no better than this, since the garbage collector chooses its own time. */
export const memorySpread = 1.15;

/**
 * The process's resident memory at its highest since `forgetPeak`. Elsewhere than on Linux the kernel forgets
 * nothing, so the peak is that of the whole life so far.
 */
async function peakBytes(stage) {
  if (process.platform !== "linux") return (await stage.ask("peakMemory")).bytes;
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${stage.pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}

function forgetPeak(stage) {
  if (process.platform === "linux") writeFileSync(`/proc/${stage.pid}/clear_refs`, "5");
}

/** The peak of memory in each act, on the archive that this stage's Consul gives. Answers also with its size. */
export async function measureMemory({ stage, verifier }, step) {
  const peaks = {};
  const during = async (name, work) => {
    step.detail(name);
    forgetPeak(stage);
    const value = await work();
    peaks[name] = await peakBytes(stage);
    return value;
  };
  await during("idle", () => undefined);
  const { row } = await during("take", () => stage.take());
  const file = stage.archiveFile(row.id);
  const uploaded = await during("upload", () => upload(stage, file));
  await stage.remove(uploaded.id);
  await during("download", async () =>
    curl("--output", "/dev/null", "--header", `Cookie: ${stage.cookie}`, await stage.downloadUrl(row.id)),
  );
  await during("restore", () => stage.restore(row.id));
  step.detail("verify");
  peaks.verify = (await verifyFile(verifier, file)).peakBytes;
  return { id: row.id, archiveBytes: row.archiveBytes, peaks };
}

const megabytes = (bytes) => `${(bytes / 1_000_000).toFixed(0)} MB`;

/** A line per act with the peak at both sizes, or at the one that was measured. */
export function toMemoryRows(small, large) {
  return ["idle", "take", "verify", "upload", "download", "restore"].map((name) => {
    const peaks = [small, large].filter((one) => one !== null).map((one) => one.peaks[name]);
    const ratio = peaks.length === 2 ? peaks[1] / peaks[0] : null;
    const isMet = Math.max(...peaks) < memoryTargetBytes && (ratio ?? 1) <= memorySpread;
    return {
      cells: [
        name,
        small === null ? "" : megabytes(small.peaks[name]),
        large === null ? "" : megabytes(large.peaks[name]),
        ratio === null ? "" : ratio.toFixed(2),
        `< ${megabytes(memoryTargetBytes)}, ≤ ${memorySpread}`,
        isMet ? "pass" : "miss",
      ],
      isMet,
    };
  });
}
