import path from "node:path";
import { inRepo } from "../lib/paths.mjs";
import { runNode } from "../lib/run.mjs";
import { Trouble } from "../lib/trouble.mjs";

/** Runs scripts/bench/audit.ts in a process of its own, from the sources: it needs the database's native code. */
async function runAudit({ entries, folder, environment }, step) {
  const program = inRepo("scripts", "bench", "audit.ts");
  const { code, output } = await runNode(
    ["--import", "tsx", program, String(entries), path.join(folder, "audit")],
    { env: environment, onLine: (line) => /^\w/.test(line) && step.detail(line) },
  );
  const json = output.slice(output.indexOf("{"));
  if (code !== 0) throw new Trouble(`The audit log could not be measured:\n${output.slice(-2_000)}`);
  return JSON.parse(json);
}

const ms = (value) => `${value.toFixed(1)} ms`;

function figure(name, ours, rival, target, isMet, note = "") {
  return { name, cells: [name, ours, rival, "", target, isMet ? "pass" : "miss"], note };
}

/** Pages, writing and checking of an audit log of a million entries. */
export async function measureAudit(options, step) {
  const { pages, write, verify, openActsMs, facetsMs } = await runAudit(options, step);
  const { ms: ours, plainMs: plain, byFilter } = pages;
  const perEntry = write.inTransactionMs.p95 + write.evaluateUs / 1_000;
  return [
    figure(
      "a filtered page of the audit log",
      `p50 ${ms(ours.p50)}, p95 ${ms(ours.p95)}`,
      `LIKE and OFFSET p50 ${ms(plain.p50)}, p95 ${ms(plain.p95)}`,
      "p95 < 30 ms",
      ours.p95 < 30,
      `Over ${Object.keys(byFilter).length} filters, first, next and previous pages; facets ${facetsMs} ms, open acts ${openActsMs.join(" and ")} ms.`,
    ),
    figure(
      "permission check and audit row",
      `p50 ${ms(write.inTransactionMs.p50)}, p95 ${ms(perEntry)}`,
      "",
      "p95 < 2 ms",
      perEntry < 2,
      `In the transaction of a change; a row of its own with its fsync p95 ${ms(write.aloneMs.p95)}. The check takes ${write.evaluateUs.toFixed(1)} µs.`,
    ),
    figure(
      "checking the chain",
      `${verify.seconds.toFixed(1)} s for ${verify.entries} entries`,
      `bare SHA-256 ${verify.plainSeconds.toFixed(1)} s`,
      "< 20 s",
      verify.seconds < 20 && verify.state === "intact",
      `The longest pause of the event loop meanwhile was ${verify.longestPauseMs} ms.`,
    ),
  ];
}
