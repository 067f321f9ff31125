import type { AuditSubject } from "#core/audit/index.ts";
import { newRequestId } from "#core/kernel/ids.ts";
import type { RestoreRecord } from "./store.ts";

/**
 * What the audit log says of a restore that Snapkeep itself goes on with or ends.
 * @param name of the part of Snapkeep that does: `restart`, `expiry`.
 */
export function systemSubject(
  row: RestoreRecord,
  action: "restore.run" | "restore.check" | "restore.request",
  name: string,
  correlationId = row.correlationId,
): AuditSubject {
  const { id, clusterId, clusterName, datacenter, snapshotId } = row;
  const label = `${datacenter} in ${clusterName} from ${snapshotId}`;
  return {
    action,
    caller: { kind: "system", name },
    request: { requestId: newRequestId(), address: "local", userAgent: null, door: "system" },
    target: { id, label, places: [{ clusterId, datacenter }], snapshotId },
    reason: row.reason,
    correlationId,
  };
}
