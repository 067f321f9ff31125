export { createImporter, type Imported, type ImportOptions } from "./import.ts";
export { createSnapshotOperations } from "./operations.ts";
export { createSnapshotService, type InsideArchive, type SnapshotService } from "./service.ts";
export { sizeWords } from "./settle.ts";
export { createTargetInto } from "./target-into.ts";
export { lengthDiffers, uploadContext } from "./upload.ts";
