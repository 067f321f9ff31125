// The program of an archive thread: takes in bytes, works on them, answers once. Started by host.ts.
import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { startCompareJob } from "./compare-job.ts";
import { startFactsJob } from "./facts-job.ts";
import type { Job } from "./job.ts";
import type { FromThread, ThreadJob, ToThread } from "./messages.ts";
import { createThreadOutput, type ThreadOutput } from "./output.ts";
import { startVerifyJob } from "./verify-job.ts";

const port = parentPort;
if (port === null) throw new Error("This is the program of a thread.");
const say = (message: FromThread): void => port.postMessage(message);
const fail = (error: unknown): void =>
  say({ say: "failed", error: error instanceof Error ? error : new Error(String(error)) });

function start(job: ThreadJob, output: ThreadOutput): Job {
  switch (job.kind) {
    case "verify":
      return startVerifyJob(job, output);
    case "compare":
      return startCompareJob(job, output);
    case "facts":
      return startFactsJob(job);
    default:
      return job satisfies never;
  }
}

// On Linux this is the thread's own priority, elsewhere the whole process's. Nobody's cluster waits for a comparison or a drill, so
// it leaves the processor to whoever waits for a page; a take does not, since Consul waits for it.
if (process.platform === "linux" && (workerData as ThreadJob).kind !== "verify") setPriority(10);
const output = createThreadOutput(say);
const job = start(workerData as ThreadJob, output);
job.result.then((value) => say({ say: "result", value }), fail);

async function hear(message: ToThread): Promise<void> {
  switch (message.say) {
    case "data":
      await job.write(message.source, message.bytes);
      say({ say: "taken", source: message.source, bytes: message.bytes.length });
      return;
    case "end":
      job.end(message.source);
      return;
    case "written":
      output.written(message.bytes);
      return;
    default:
      message satisfies never;
  }
}

port.on("message", (message: ToThread) => void hear(message).catch(fail));
