export { credentialRule } from "./credential-rule.ts";
export { redactFields, redactRecord } from "./redact-record.ts";
export { isRedactedValue, type Seal } from "./redacted-value.ts";
