export { createDrillOperations } from "./operations.ts";
export { createDrillSchedule } from "./schedule.ts";
export { createDrillService, type DrillService } from "./service.ts";
export { createDrillStore } from "./store.ts";
