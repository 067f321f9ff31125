import { describe, expect, it } from "vitest";
import { encodeMsgpack, type TestRecord } from "../../testing/archive-writer.ts";
import { configEntry, encodeProto, goTime, goZeroTime, recordSamples } from "../../testing/record-samples.ts";
import {
  ArchiveFormatError,
  decodeRecord,
  isKvRecord,
  type OtherRecord,
  recordKinds,
  zeroTime,
} from "../index.ts";

function bytesOf({ type, value }: TestRecord): Buffer {
  return Buffer.concat([Buffer.from([type]), encodeMsgpack(value)]);
}

function decodeSample(record: TestRecord): OtherRecord {
  const decoded = decodeRecord(bytesOf(record), 100);
  if (isKvRecord(decoded)) {
    throw new Error("This is a key.");
  }
  return decoded;
}

const others = recordSamples.filter(({ type }) => type !== 2).map(decodeSample);

function fieldsOf(kind: string, at = 0): unknown {
  return JSON.parse(
    JSON.stringify(others.filter((record) => record.kind === kind)[at]?.fields, (_, value) =>
      typeof value === "bigint" ? `${value}n` : value,
    ),
  );
}

describe("each type of record", () => {
  it("has its kind and its identity", () => {
    expect(others.map(({ typeName, kind, identity }) => `${typeName}: ${kind} ${identity}`)).toEqual([
      "Unknown(65): namespace team",
      "Unknown(69): partition default",
      "ServiceVirtualIP: service-virtual-ip web",
      "ServiceVirtualIP: service-virtual-ip old",
      "FreeVirtualIP: free-virtual-ip 0.0.0.3/counter",
      "Register: node consul-1",
      "Register: service consul-1/consul",
      "Register: service consul-1/web-1",
      "Register: check consul-1/serfHealth",
      "CoordinateBatchUpdate: coordinate consul-1",
      "Session: session 8e39c4df",
      "ACLToken: acl-token d56136c7",
      "ACL: acl-legacy old/index 11",
      "ACLPolicy: acl-policy 0001",
      "ACLRole: acl-role edbab2c0",
      "ACLBindingRule: acl-binding-rule 2a7708b7",
      "ACLAuthMethod: acl-auth-method jwt",
      "Tombstone: tombstone app/gone",
      "PreparedQuery: prepared-query d25ada95",
      "Autopilot: autopilot autopilot",
      "Intention: intention i-1",
      "ConnectCA: ca-root 72:b9",
      "ConnectCAProviderState: ca-provider-state 07:80",
      "ConnectCAConfig: ca-config ca-config",
      "ConfigEntry: config-entry service-intentions/api",
      "ConfigEntry: config-entry proxy-defaults/global",
      "ConfigEntry: config-entry mesh/mesh",
      "ConfigEntry: config-entry exported-services/default",
      "ConfigEntry: config-entry bound-api-gateway/gw",
      "FederationState: federation-state dc1",
      "SystemMetadata: system-metadata intention-format",
      "Index: index kvs",
      "Peering: peering other/503f605c",
      "PeeringTrustBundle: peering-trust-bundle other",
      "PeeringSecret: peering-secret 503f605c",
      "Resource: resource [namespace=ns1] catalog.v2beta1.Service/web",
      "Unknown(45): feature-gate feature-gate",
      expect.stringMatching(/^Unknown\(77\): unknown Unknown\(77\)\/sha256:[0-9a-f]{16}$/),
      "ChunkingState: chunking-state chunking-state",
    ]);
  });

  it("is among the samples, for every kind that there is", () => {
    const seen = new Set(["kv", ...others.map(({ kind }) => kind)]);
    expect(recordKinds.filter((kind) => !seen.has(kind))).toEqual([]);
  });

  it("keeps its place and its length", () => {
    for (const [at, sample] of recordSamples.filter(({ type }) => type !== 2).entries()) {
      expect(others[at]).toMatchObject({ type: sample.type, offset: 100, bytes: bytesOf(sample).length });
    }
  });
});

describe("fields", () => {
  it("hold times in ISO 8601 with their decimals, and Go's zero time as Consul shows it", () => {
    expect(fieldsOf("acl-token")).toMatchObject({
      CreateTime: "2024-03-13T17:14:15.109823Z",
      ExpirationTime: null,
    });
    expect(fieldsOf("ca-root")).toMatchObject({ NotBefore: "2020-10-09T05:45:26Z", RotatedOutAt: zeroTime });
    expect(fieldsOf("federation-state")).toMatchObject({
      State: { UpdatedAt: "2020-10-09T05:45:26.48447Z" },
    });
    expect(fieldsOf("config-entry")).toMatchObject({
      Entry: { Sources: [{ LegacyCreateTime: "2020-10-09T05:45:26Z" }, { LegacyCreateTime: null }] },
    });
  });

  it("hold numbers beyond 2^53 to the last digit", () => {
    expect(fieldsOf("config-entry")).toMatchObject({ Entry: { Hash: "15272881108129132528n" } });
    expect(fieldsOf("session")).toMatchObject({ LockDelay: 15_000_000_000 });
  });

  it("hold bytes where text is none", () => {
    const [token] = others.filter(({ kind }) => kind === "acl-token");
    expect(token?.fields.Hash).toEqual(new Uint8Array(32).fill(0xab));
    const [unknown] = others.filter(({ kind }) => kind === "unknown");
    expect(unknown?.fields).toEqual({ Whatever: [1, null, new Uint8Array([0xff, 0xfe])] });
  });

  it("hold what is packed into text, also twice", () => {
    expect(fieldsOf("config-entry", 1)).toEqual({
      Kind: "proxy-defaults",
      Datacenter: "",
      Entry: { Kind: "proxy-defaults", Name: "global", Config: { a: 1 }, CreateIndex: 11, ModifyIndex: 12 },
      Op: "upsert",
      Token: "",
    });
  });

  it("hold a map whose keys are no text as pairs", () => {
    expect(fieldsOf("config-entry", 4)).toMatchObject({
      Entry: { Services: [[{ Name: "web" }, [{ Kind: "tcp-route" }]]] },
    });
    const [chunks] = others.filter(({ kind }) => kind === "chunking-state");
    expect(chunks?.fields.ChunkMap).toEqual([
      [7, [{ OpNum: 7, SequenceNum: 0, NumChunks: 2, Data: new Uint8Array([0, 255]) }]],
    ]);
  });

  it("hold a list of coordinates under Updates", () => {
    expect(fieldsOf("coordinate")).toEqual({
      Updates: [{ Coord: { Vec: [0, 0.5, -1], Error: 1.5 }, Node: "consul-1", Segment: "" }],
    });
  });

  it("of Protocol Buffers have the names of Consul's JSON, and unknown ones their number", () => {
    expect(fieldsOf("peering")).toEqual({
      ID: "503f605c",
      Name: "other",
      DeletedAt: "2024-03-13T17:14:16.5Z",
      Meta: { team: "a" },
      State: 2,
      PeerCAPems: ["pem-1", "pem-2"],
      CreateIndex: 20,
      ModifyIndex: 21,
      Field99: [Object.fromEntries([...Buffer.from("new")].entries())],
    });
    expect(fieldsOf("resource")).toMatchObject({
      status: { ctl: { observed_generation: "g1", conditions: [{ type: "Ready", state: 1 }] } },
    });
    expect(fieldsOf("peering-secret")).toEqual({
      PeerID: "503f605c",
      establishment: { SecretID: "one-time" },
      stream: { ActiveSecretID: "active", PendingSecretID: "pending" },
    });
  });

  it("have no names but their own, whatever a snapshot calls them", () => {
    const named = Buffer.concat([
      Buffer.from([0x81]),
      encodeMsgpack("__proto__"),
      encodeMsgpack({ polluted: 1 }),
    ]);
    const { fields } = decodeSample({ type: 0, value: { Node: "n", NodeMeta: null } });
    expect("toString" in fields).toBe(false);
    const decoded = decodeRecord(Buffer.concat([Buffer.from([200]), named]));
    if (isKvRecord(decoded)) {
      throw new Error("This is a key.");
    }
    expect(Object.entries(decoded.fields)).toEqual([["__proto__", { polluted: 1 }]]);
    expect("polluted" in {}).toBe(false);
  });
});

describe("identities", () => {
  it("name the partition, the namespace and the peer, but not the default", () => {
    const service = { ID: "web", Namespace: "team b", Partition: "default", PeerName: "east" };
    expect(decodeSample({ type: 0, value: { Node: "n/1", Service: service } }).identity).toBe(
      "[namespace=team%20b peer=east] n%2F1/web",
    );
    expect(decodeSample({ type: 0, value: { Node: "[odd]" } }).identity).toBe("%5Bodd]");
  });

  it("never hold a secret", () => {
    for (const { identity } of others) {
      expect(identity).not.toMatch(/secret-of-old|a4794332|one-time|active|PRIVATE/);
    }
  });
});

describe("what cannot be decoded", () => {
  const cases: readonly [string, Buffer][] = [
    ["a name that is a list", bytesOf({ type: 0, value: { Node: ["n"] } })],
    ["a service that is text", bytesOf({ type: 0, value: { Service: "web" } })],
    ["an index that is negative", bytesOf({ type: 16, value: { Key: "kvs", Value: -1 } })],
    ["an index of 2^53", bytesOf({ type: 16, value: { Key: "kvs", Value: 2n ** 53n } })],
    ["a time of an unknown version", bytesOf({ type: 17, value: { CreateTime: Buffer.alloc(15, 3) } })],
    ["a record that is a number", bytesOf({ type: 19, value: 5 })],
    ["a structure with a key that is a number", Buffer.from([19, 0x81, 0x01, 0x01])],
    ["a config entry that is a map", bytesOf({ type: 22, value: { Kind: "mesh" } })],
    [
      "a config entry with more behind it",
      bytesOf({ type: 22, value: Buffer.concat([entryBytes(), Buffer.from([1])]) }),
    ],
    ["an entry with more behind it", bytesOf(configEntry("proxy-defaults", Buffer.from([0x80, 0x80])))],
    ["a peering that is a map", bytesOf({ type: 35, value: {} })],
    ["a message that is cut", bytesOf({ type: 38, value: encodeProto([[1, "trust"]]).subarray(0, 4) })],
    ["a message with a group", bytesOf({ type: 40, value: Buffer.from([0x0b]) })],
    ["a message whose number has eleven bytes", bytesOf({ type: 40, value: Buffer.alloc(12, 0xff) })],
    ["a message with field 0", bytesOf({ type: 40, value: Buffer.from([0x00, 0x01]) })],
    ["more bytes behind the record", Buffer.concat([bytesOf({ type: 16, value: {} }), Buffer.from([0xc0])])],
    ["a cut record", bytesOf({ type: 16, value: { Key: "kvs" } }).subarray(0, -1)],
    ["what is no msgpack", Buffer.from([200, 0xc1])],
    [
      "300 lists inside each other",
      Buffer.concat([Buffer.from([200]), Buffer.alloc(300, 0x91), Buffer.from([0xc0])]),
    ],
    ["nothing", Buffer.alloc(0)],
  ];

  it.each(cases)("%s is told with its place", (_name, bytes) => {
    try {
      decodeRecord(bytes, 77);
    } catch (error) {
      expect(error).toBeInstanceOf(ArchiveFormatError);
      expect(error).toMatchObject({ code: "RECORD_UNDECODABLE", member: "state.bin", offset: 77 });
      return;
    }
    expect.unreachable();
  });

  it("is nothing of Enterprise's, whose records have no public definition", () => {
    expect(decodeSample({ type: 65, value: { Name: "team" } })).toMatchObject({ kind: "unknown" });
  });

  function entryBytes(): Buffer {
    const { value } = configEntry("mesh", {});
    return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
  }
});

describe("times", () => {
  it.each([
    [
      "with a zone",
      Buffer.concat([goTime("2020-01-01T00:00:00Z").subarray(0, 13), Buffer.from([0, 60])]),
      "2020-01-01T00:00:00Z",
    ],
    [
      "with seconds in its zone",
      Buffer.concat([Buffer.from([2]), goTime("2020-01-01T00:00:00Z").subarray(1), Buffer.from([30])]),
      "2020-01-01T00:00:00Z",
    ],
    ["never set", goZeroTime, zeroTime],
    ["of the year 9999", goTime("9999-12-31T23:59:59Z", 1), "9999-12-31T23:59:59.000000001Z"],
    ["as msgpack's own timestamp of 32 bits", Buffer.from("5e0be100", "hex"), "2020-01-01T00:00:00Z"],
    [
      "as msgpack's own timestamp of 64 bits",
      Buffer.from("773594005e0be100", "hex"),
      "2020-01-01T00:00:00.5Z",
    ],
    [
      "as msgpack's own timestamp of 96 bits",
      Buffer.from("1dcd6500000000005e0be100", "hex"),
      "2020-01-01T00:00:00.5Z",
    ],
  ])("%s are read", (_name, bytes, iso) => {
    expect(decodeSample({ type: 17, value: { CreateTime: bytes } }).fields.CreateTime).toBe(iso);
  });

  it("that no calendar holds stay bytes", () => {
    const bytes = Buffer.from(goZeroTime);
    bytes.writeBigInt64BE(2n ** 62n, 1);
    expect(decodeSample({ type: 17, value: { CreateTime: bytes } }).fields.CreateTime).toEqual(
      Uint8Array.from(bytes),
    );
  });
});
