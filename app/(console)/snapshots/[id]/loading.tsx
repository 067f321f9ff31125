export { DetailWaiting as default } from "../_components/detail/detail-waiting.tsx";
