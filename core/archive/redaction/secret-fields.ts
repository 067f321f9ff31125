// Browser-safe: the table of fields that are secrets, after the structs of Consul's agent/structs. Names are
// compared without case, since some records come with Go's names and some with protobuf's.
import type { RecordKind } from "../records/visitor.ts";

export type SecretField = {
  /** The last names of the field's path, at any depth: lists don't count. */
  readonly path: string;
  /** Fields below it that are known to be no secret. */
  readonly except?: readonly string[];
};

/** What every kind has in common: requests carry the token of whoever made them. */
const everywhere: readonly SecretField[] = [
  { path: "Token" },
  { path: "SecretID" },
  { path: "PrivateKey" },
  { path: "SigningKey" },
];

const checkFields: readonly SecretField[] = [{ path: "Definition.Header" }, { path: "Definition.Body" }];

/** Everything in the configuration of a certificate authority is a credential, but for what is listed. */
const caConfigHarmless: readonly string[] = [
  "Address",
  "CAFile",
  "CAPath",
  "CertFile",
  "KeyFile",
  "TLSServerName",
  "TLSSkipVerify",
  "RootPKIPath",
  "RootPKINamespace",
  "IntermediatePKIPath",
  "IntermediatePKINamespace",
  "Namespace",
  "RootCert",
  "RotationPeriod",
  "RootCertTTL",
  "IntermediateCertTTL",
  "LeafCertTTL",
  "CSRMaxPerSecond",
  "CSRMaxConcurrent",
  "PrivateKeyType",
  "PrivateKeyBits",
  "ExistingARN",
  "DeleteOnExit",
];

const authMethodHarmless: readonly string[] = [
  "Host",
  "CACert",
  "OIDCDiscoveryURL",
  "OIDCDiscoveryCACert",
  "OIDCClientID",
  "OIDCClientUsePKCE",
  "OIDCScopes",
  "OIDCACRValues",
  "AllowedRedirectURIs",
  "VerboseOIDCLogging",
  "JWKSURL",
  "JWKSCACert",
  "JWTValidationPubKeys",
  "JWTSupportedAlgs",
  "BoundAudiences",
  "BoundIssuer",
  "ClaimMappings",
  "ListClaimMappings",
  "ExpirationLeeway",
  "NotBeforeLeeway",
  "ClockSkewLeeway",
  "BoundIAMPrincipalARNs",
  "EnableIAMEntityDetails",
  "IAMEntityTags",
  "IAMEndpoint",
  "STSEndpoint",
  "STSRegion",
  "AllowedSTSHeaderValues",
  "MaxRetries",
];

const byKind: Partial<Record<RecordKind, readonly SecretField[]>> = {
  service: checkFields,
  node: checkFields,
  check: checkFields,
  // In the first ACL system the id of a token was the token.
  "acl-legacy": [{ path: "ID" }],
  "acl-auth-method": [{ path: "Config", except: authMethodHarmless }],
  "ca-config": [{ path: "Config", except: caConfigHarmless }, { path: "State" }],
};

/** Kinds of which we know too little, or too much: everything is closed but for these fields at the top. */
export const closedKinds: Partial<Record<RecordKind, readonly string[]>> = {
  unknown: [],
  "peering-secret": ["PeerID"],
  "chunking-state": [],
  resource: ["id", "owner", "version", "generation", "metadata", "status"],
};

/** The only known entries of SystemMetadata whose value is no secret; `server-management-token` is a live one. */
export const harmlessSystemMetadata: readonly string[] = [
  "intention-format",
  "reporting-process-id",
  "virtual-ips",
  "virtual-ips-term-gateway",
];

/** Names that a rule of `credentialRule` would close, and that Consul's structs use for what is no secret. */
export const harmlessNames: readonly string[] = ["TokenLocality", "TokenNameFormat"];

/** Kinds whose bytes are a coding that we don't read: no bytes of theirs are shown. */
export const opaqueKinds: readonly RecordKind[] = ["namespace", "partition", "resource", "unknown"];

export function secretFields(kind: RecordKind): readonly SecretField[] {
  return [...everywhere, ...(byKind[kind] ?? [])];
}
