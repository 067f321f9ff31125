export { createComparisonOperations } from "./operations.ts";
export { type ComparisonService, createComparisonService } from "./service.ts";
