export { RestoreWaiting as default } from "../../_components/restore-waiting.tsx";
