import type { AuditSubject } from "#core/audit/index.ts";
import { newRequestId } from "#core/kernel/ids.ts";
import type { PreflightRecord, RestoreRecord } from "./store.ts";

type Own = Pick<
  RestoreRecord | PreflightRecord,
  "id" | "clusterId" | "clusterName" | "datacenter" | "snapshotId" | "correlationId"
>;

/**
 * What the audit log says of a restore or preflight that Snapkeep itself goes on with or ends.
 * @param name of the part of Snapkeep that does: `restart`, `expiry`.
 */
export function systemSubject(
  row: Own & { reason?: string },
  action: "restore.run" | "restore.check" | "restore.request" | "restore.preflight",
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
    reason: row.reason ?? null,
    correlationId,
  };
}
