export { type Permission, useCan, useViewer } from "./viewer.tsx";
