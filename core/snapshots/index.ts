export { createSnapshotOperations } from "./operations.ts";
export { createSnapshotService, type SnapshotService } from "./service.ts";
export { uploadContext } from "./upload.ts";
