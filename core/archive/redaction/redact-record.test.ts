import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FieldValue, type RecordFields, type RecordKind, recordKinds } from "../records/visitor.ts";
import { redactFields, redactRecord, secretFieldsOf } from "./redact-record.ts";
import { isRedactedValue } from "./redacted-value.ts";

const seal = (bytes: Uint8Array) => createHmac("sha256", "k").update(bytes).digest("hex").slice(0, 12);
const pem = "-----BEGIN EC PRIVATE KEY-----\nMHc\n-----END EC PRIVATE KEY-----\n";
const jwks = (key: object) => Buffer.from(JSON.stringify({ keys: [key] })).toString("base64");

/** Fields, and the paths of exactly those that are secrets. */
const cases: readonly [RecordKind, RecordFields, readonly string[]][] = [
  ["acl-token", { AccessorID: "a", SecretID: "s", Description: "d", Local: true }, ["SecretID"]],
  ["acl-legacy", { ID: "the token", Name: "n", Rules: "" }, ["ID"]],
  ["prepared-query", { ID: "q", Name: "n", Token: "t", Service: { Service: "web" } }, ["Token"]],
  ["prepared-query", { ID: "q", Token: "" }, []],
  ["federation-state", { Datacenter: "dc2", Token: "t", State: { Datacenter: "dc2" } }, ["Token"]],
  [
    "ca-provider-state",
    { ID: "x", PrivateKey: pem, RootCert: "-----BEGIN CERTIFICATE-----" },
    ["PrivateKey"],
  ],
  [
    "ca-root",
    { ID: "x", SigningKeyID: "a:b", SigningKey: "k", PrivateKeyType: "ec", PrivateKeyBits: 256 },
    ["SigningKey"],
  ],
  [
    "ca-config",
    {
      ClusterID: "c",
      Provider: "vault",
      Config: {
        Address: "https://vault",
        Token: "hvs.x",
        LeafCertTTL: "72h",
        AuthMethod: { Type: "approle", Params: { role_id: "r" } },
        NewOption: 3,
      },
      State: { any: "x" },
    },
    [
      "Config.Token",
      "Config.AuthMethod.Type",
      "Config.AuthMethod.Params.role_id",
      "Config.NewOption",
      "State.any",
    ],
  ],
  [
    "acl-auth-method",
    {
      Name: "k8s",
      MaxTokenTTL: 5,
      TokenLocality: "local",
      Config: { Host: "h", CACert: "c", ServiceAccountJWT: "e", OIDCClientSecret: "s" },
    },
    ["Config.ServiceAccountJWT", "Config.OIDCClientSecret"],
  ],
  [
    "config-entry",
    { Kind: "inline-certificate", Entry: { Name: "c", Certificate: "x", PrivateKey: pem }, Token: "t" },
    ["Entry.PrivateKey", "Token"],
  ],
  [
    "config-entry",
    { Kind: "terminating-gateway", Entry: { Services: [{ Name: "a", CAFile: "/ca", KeyFile: "/k" }] } },
    [],
  ],
  [
    "config-entry",
    { Kind: "jwt-provider", Entry: { JSONWebKeySet: { Local: { JWKS: jwks({ kty: "RSA", n: "x" }) } } } },
    [],
  ],
  [
    "config-entry",
    { Kind: "jwt-provider", Entry: { JSONWebKeySet: { Local: { JWKS: jwks({ kty: "oct", k: "x" }) } } } },
    ["Entry.JSONWebKeySet.Local.JWKS"],
  ],
  ["config-entry", { Kind: "service-intentions", Entry: { JWT: { Providers: [{ Name: "okta" }] } } }, []],
  ["peering-secret", { PeerID: "p", Establishment: { SecretID: "e" }, Stream: null }, ["Establishment"]],
  ["system-metadata", { Key: "server-management-token", Value: "x" }, ["Value"]],
  ["system-metadata", { Key: "intention-format", Value: "config-entry" }, []],
  ["index", { Key: "acl-tokens", Value: 7 }, []],
  [
    "check",
    {
      Token: "t",
      Check: {
        Output: "HTTP GET http://u:p@x: 200",
        Definition: { HTTP: "http://x", Header: { Authorization: ["Bearer x"] }, Body: "b", Interval: 5 },
      },
    },
    ["Token", "Check.Output", "Check.Definition.Header.Authorization.0", "Check.Definition.Body"],
  ],
  [
    "service",
    {
      NodeMeta: { "consul-version": "1.21", "api-key": "x" },
      Service: {
        Meta: { version: "1", db_password: "x", max_tokens: 5 },
        Proxy: { Config: { protocol: "http", auth: { token: { value: "x" } } } },
        Tags: ["monkey", pem],
      },
    },
    [
      "NodeMeta.api-key",
      "Service.Meta.db_password",
      "Service.Proxy.Config.auth.token.value",
      "Service.Tags.1",
    ],
  ],
  [
    "resource",
    { id: { name: "n" }, data: { typeUrl: "t", value: new Uint8Array(3) }, version: "v" },
    ["data"],
  ],
  ["chunking-state", { ChunkMap: [[1, [{ Data: new Uint8Array(2) }]]] }, ["ChunkMap"]],
  ["chunking-state", { ChunkMap: {} }, []],
  ["unknown", { Name: "n", Deep: { a: [1] }, Nothing: null }, ["Name", "Deep"]],
  ["namespace", { Name: "n", Blob: new Uint8Array(4) }, ["Blob"]],
  ["acl-policy", { Name: "p", Rules: 'key_prefix "a" { policy = "read" }', Hash: new Uint8Array(32) }, []],
  ["session", { ID: "s", Name: "n", LockDelay: 15e9 }, []],
];

describe("the fields that are secrets", () => {
  it("are exactly those that hold one", () => {
    for (const [kind, fields, wanted] of cases) {
      const found = secretFieldsOf(kind, fields).map((path) => path.join("."));
      expect([kind, found]).toEqual([kind, wanted]);
    }
  });

  it("leave their length and a fingerprint, and nothing else changes", () => {
    for (const [kind, fields, wanted] of cases) {
      const redacted = redactFields(kind, fields, seal);
      for (const path of wanted) expect(isRedactedValue(valueAt(redacted, path))).toBe(true);
      if (wanted.length === 0) expect(redacted).toEqual(Object.assign(Object.create(null), fields));
    }
    const token = redactFields("acl-token", { SecretID: "sécret" }, seal).SecretID;
    expect(token).toEqual({ redacted: true, bytes: 7, fingerprint: seal(Buffer.from("sécret")) });
  });

  it("have the same fingerprint wherever the same secret stands, in whatever order its parts come", () => {
    const one = redactFields("unknown", { a: { x: 1, y: "b" } }, seal).a;
    const two = redactFields("unknown", { b: { y: "b", x: 1 } }, seal).b;
    expect(one).toEqual(two);
  });

  it("leave nothing of themselves in what is redacted, wherever they stand", () => {
    const needle = "S3cretNeedle";
    const name = fc.constantFrom(
      "Token",
      "SecretID",
      "password",
      "Config",
      "Meta",
      "Value",
      "Deep",
      "__proto__",
    );
    const value = fc.letrec<{ value: FieldValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constant(needle),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.array(fc.tuple(name, tie("value")), { maxLength: 3 }).map((pairs) => {
          const fields: Record<string, FieldValue> = Object.create(null);
          for (const [key, one] of pairs) fields[key] = one;
          return fields;
        }),
      ),
    })).value;
    fc.assert(
      fc.property(fc.constantFrom(...recordKinds), value, (kind, nested) => {
        const redacted = redactFields(kind, { SecretID: nested, PrivateKey: nested, Token: nested }, seal);
        expect(JSON.stringify(redacted)).not.toContain(needle);
      }),
    );
  });

  it("do not stand in identities", () => {
    const legacy = redactRecord(
      { kind: "acl-legacy", identity: "the token", fields: { ID: "the token" } },
      seal,
    );
    expect(legacy.identity).toBe(`sealed ${seal(Buffer.from("the token"))}`);
    const other = redactRecord(
      { kind: "unknown", identity: "x/hidden-name", fields: { Name: "hidden-name" } },
      seal,
    );
    expect(other.identity).not.toContain("hidden-name");
    const token = redactRecord(
      { kind: "acl-token", identity: "accessor", fields: { AccessorID: "accessor", SecretID: "a" } },
      seal,
    );
    expect(token.identity).toBe("accessor");
  });

  it("nested without end are closed, not followed", () => {
    let deep: FieldValue = "bottom";
    for (let i = 0; i < 5000; i += 1) deep = [deep];
    expect(JSON.stringify(redactFields("service", { Meta: { deep } }, seal))).toContain('"redacted":true');
  });
});

function valueAt(fields: RecordFields, path: string): FieldValue | undefined {
  let value: unknown = fields;
  for (const name of path.split(".")) value = (value as Record<string, unknown>)[name];
  return value as FieldValue | undefined;
}
