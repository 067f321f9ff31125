export { createHealthMonitor, type HealthMonitor } from "./health.ts";
export { leadsElsewhere } from "./leads-elsewhere.ts";
export { createClusterOperations } from "./operations.ts";
export { type ClusterService, createClusterService } from "./service.ts";
export { createClusterStore } from "./store.ts";
