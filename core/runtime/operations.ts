import { type AccessService, createAccountOperations, createPeopleOperations } from "#core/access/index.ts";
import { type AuditService, createAuditOperations } from "#core/audit/index.ts";
import { type ClusterService, createClusterOperations, type HealthMonitor } from "#core/clusters/index.ts";
import { type ComparisonService, createComparisonOperations } from "#core/comparisons/index.ts";
import { type ContentsService, createContentsOperations } from "#core/contents/index.ts";
import { createDrillOperations, type DrillService } from "#core/drills/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { createRecoveryOperations, type RecoveryService } from "#core/recoveries/index.ts";
import { createRestoreOperations, type Preflights, type RestoreService } from "#core/restore/index.ts";
import { createSnapshotOperations, type SnapshotService } from "#core/snapshots/index.ts";
import { createTokenOperations, type TokenService } from "#core/tokens/index.ts";

/** Every operation by its name: all that a person or a program can do. */
export type Operations = ReturnType<typeof createOperations>;

export type OperationDeps = {
  access: AccessService;
  audit: AuditService;
  tokens: TokenService;
  clusters: ClusterService;
  health: HealthMonitor;
  snapshots: SnapshotService;
  contents: ContentsService;
  comparisons: ComparisonService;
  drills: DrillService;
  restores: RestoreService;
  recoveries: RecoveryService;
  preflights: Preflights;
  clock: Clock;
};

export function createOperations(deps: OperationDeps) {
  const {
    access,
    audit,
    tokens,
    clusters,
    health,
    snapshots,
    contents,
    comparisons,
    drills,
    restores,
    recoveries,
    preflights,
    clock,
  } = deps;
  const { tickets } = access;
  return {
    ...createAuditOperations({
      audit,
      placeOf: async (id) => {
        const place = await snapshots.placeOf(id);
        return { kind: "snapshot", id, label: `${place.datacenter ?? "archive"}, ${id}`, places: [place] };
      },
      issueTicket: tickets.issue,
    }),
    ...createPeopleOperations({ access }),
    ...createAccountOperations({ access }),
    ...createTokenOperations(tokens),
    ...createClusterOperations({ clusters, health, clock }),
    ...createSnapshotOperations({ snapshots, clusters, tickets }),
    ...createContentsOperations({ contents, snapshots }),
    ...createComparisonOperations({ comparisons, audit, snapshots, tickets }),
    ...createRecoveryOperations({ recoveries, clusters, snapshots }),
    ...createDrillOperations({ drills, snapshots, clusters }),
    ...createRestoreOperations({ restores, preflights, clusters, snapshots, audit }),
  };
}
