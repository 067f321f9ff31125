export { credentialRule } from "./credential-rule.ts";
export { type FieldPath, redactFields, redactRecord, secretFieldsOf } from "./redact-record.ts";
export { isRedactedValue, type RedactedValue, type Seal } from "./redacted-value.ts";
