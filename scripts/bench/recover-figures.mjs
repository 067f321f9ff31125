import { inRepo } from "../lib/paths.mjs";
import { runNode } from "../lib/run.mjs";
import { Trouble } from "../lib/trouble.mjs";
import { formatSeconds, toFigure } from "./statistics.mjs";

/** A deleted prefix brought back, against Consul's own import of the same keys. */
export async function measureRecover({ runs, keys, environment }) {
  const program = inRepo("scripts", "bench", "recover.ts");
  // From the sources: it needs the database's native code.
  const args = ["--import", "tsx", program, String(keys), String(runs)];
  const { code, output } = await runNode(args, { env: environment });
  if (code !== 0) throw new Trouble(`Recovering could not be measured:\n${output.slice(-2_000)}`);
  const times = JSON.parse(output.slice(output.indexOf('{"plan"')));
  const name = `recover ${keys.toLocaleString("en-US")} keys`;
  const figure = (what, ours, note) =>
    toFigure({
      name: what,
      ours,
      against: "consul kv import",
      rival: times.import,
      // 0.8 of the speed is 1 / 0.8 of the time.
      target: 1 / 0.8,
      note,
    });
  return [
    figure(name, times.apply, "At 0.8 of the rival's speed it takes 1.25 of its time."),
    figure(`${name}, plan included`, times.whole, `Of it the plan took ${formatSeconds(times.plan)}.`),
  ];
}
