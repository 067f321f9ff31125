export { createHealthMonitor, type HealthMonitor } from "./health.ts";
export { createClusterOperations } from "./operations.ts";
export { type ClusterService, createClusterService } from "./service.ts";
export { createClusterStore } from "./store.ts";
