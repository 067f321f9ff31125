import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findConsul } from "../../scripts/lib/consul-binary.mjs";
import type { ConsulTarget } from "./consul-http.ts";

const run = promisify(execFile);

/** Runs `consul` as an operator would. @throws with what it wrote when its exit code isn't 0. */
export async function runConsul(args: string[], target?: ConsulTarget): Promise<string> {
  const binary = await findConsul({ fetch: true });
  const { stdout, stderr } = await run(binary.path, args, {
    env: {
      NODE_ENV: "test",
      ...(target === undefined ? {} : { CONSUL_HTTP_ADDR: target.httpAddress }),
      ...(target?.token === undefined ? {} : { CONSUL_HTTP_TOKEN: target.token }),
    },
  });
  return `${stdout}${stderr}`;
}
