export { addressesSha256 } from "./addresses-sha256.ts";
export { createHealthMonitor, type HealthMonitor } from "./health.ts";
export { createClusterOperations } from "./operations.ts";
export { type ClusterService, createClusterService } from "./service.ts";
export { createClusterStore } from "./store.ts";
