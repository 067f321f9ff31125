import { roles } from "#core/access/contract.ts";
import type { LocalRuntime } from "#core/runtime/index.ts";
import { UsageError } from "../exit.ts";

export const grantFlags = {
  role: { type: "string" },
  cluster: { type: "string" },
  datacenter: { type: "string" },
} as const;

type Values = { role?: string | undefined; cluster?: string | undefined; datacenter?: string | undefined };

/** The one grant that `--role R [--cluster NAME [--datacenter DC]]` says. @throws UsageError */
export async function readGrant(local: LocalRuntime, values: Values) {
  const role = roles.find((known) => known === values.role);
  if (role === undefined) throw new UsageError(`--role takes ${roles.join(", ")}.`);
  if (values.cluster === undefined) {
    if (values.datacenter !== undefined) throw new UsageError("--datacenter needs its --cluster.");
    return { role, clusterId: null, datacenter: null };
  }
  const known = await local.clusters.list();
  const found = known.find(({ id, name }) => name === values.cluster || id === values.cluster);
  if (found === undefined) {
    const names = known.map(({ name }) => name).join(", ");
    throw new UsageError(
      `There is no cluster ${values.cluster}. There is ${names === "" ? "none yet" : names}.`,
    );
  }
  return { role, clusterId: found.id, datacenter: values.datacenter ?? null };
}
