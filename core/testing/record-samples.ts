// One record of each type that Consul writes into state.bin, as its structures look, and the encoders that msgpack
// has no use for elsewhere. Like the writer, it shares no code with core/archive.
import { Encoded, encodeMsgpack, kvsEntry, type MsgpackValue, type TestRecord } from "./archive-writer.ts";

const goYearOne = 62_135_596_800n;

/** What Go's time.MarshalBinary gives: UTC, with nanoseconds. */
export function goTime(isoSeconds: string, nanoseconds = 0): Buffer {
  const bytes = Buffer.alloc(15, 0xff);
  bytes.writeUInt8(1, 0);
  bytes.writeBigInt64BE(BigInt(Date.parse(isoSeconds) / 1000) + goYearOne, 1);
  bytes.writeInt32BE(nanoseconds, 9);
  return bytes;
}

export const goZeroTime = Buffer.from("01000000000000000000000000ffff", "hex");

/** A msgpack map whose keys can be anything. */
export function pairs(entries: readonly (readonly [MsgpackValue, MsgpackValue])[]): Encoded {
  const parts = entries.flatMap(([key, value]) => [encodeMsgpack(key), encodeMsgpack(value)]);
  return new Encoded(Buffer.concat([Buffer.from([0x80 + entries.length]), ...parts]));
}

export type ProtoFields = readonly (readonly [number, string | number | bigint | Buffer | ProtoFields])[];

/** A message of Protocol Buffers: numbers as varints, all else with its length. */
export function encodeProto(fields: ProtoFields): Buffer {
  return Buffer.concat(
    fields.flatMap(([number, value]) => {
      if (typeof value === "number" || typeof value === "bigint") {
        return [varint(BigInt(number << 3)), varint(BigInt(value))];
      }
      const bytes =
        typeof value === "string" ? Buffer.from(value) : Buffer.isBuffer(value) ? value : encodeProto(value);
      return [varint(BigInt((number << 3) | 2)), varint(BigInt(bytes.length)), bytes];
    }),
  );
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest >= 0x80n; rest >>= 7n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
  }
  return Buffer.from([...bytes, Number(rest)]);
}

/** A config entry: two values packed into text. */
export function configEntry(kind: string, entry: MsgpackValue): TestRecord {
  const request = { Datacenter: "", Entry: entry, Op: "upsert", Token: "" };
  return { type: 22, value: Buffer.concat([encodeMsgpack(kind), encodeMsgpack(request)]) };
}

const indexes = { CreateIndex: 11, ModifyIndex: 12 };
const node = {
  Address: "10.0.0.1",
  Datacenter: "dc1",
  ID: "a577b288",
  Node: "consul-1",
  NodeMeta: { "consul-version": "1.19.0", __proto__x: "y" },
  SkipNodeUpdate: false,
  Token: "",
  ...indexes,
};
const consulService = {
  ID: "consul",
  Service: "consul",
  Meta: { version: "1.19.0" },
  Port: 8300,
  ...indexes,
};
const webService = { ID: "web-1", Service: "web", Tags: ["a"], Port: 8080, ...indexes };
const check = {
  CheckID: "serfHealth",
  Name: "Serf",
  Node: "consul-1",
  Output: "ok",
  Status: "passing",
  ...indexes,
};
const ip = Buffer.from("00000000000000000000ffff00000003", "hex");
const hash = Buffer.alloc(32, 0xab);

export const recordSamples: readonly TestRecord[] = [
  {
    type: 65,
    value: encodeProto([
      [1, "team"],
      [2, "A team"],
      [6, 10],
      [7, 11],
    ]),
  },
  {
    type: 69,
    value: encodeProto([
      [1, "default"],
      [4, 9],
      [5, 9],
    ]),
  },
  {
    type: 32,
    value: {
      IP: ip,
      ManualIPs: null,
      Service: { Peer: "", ServiceName: { Name: "web" } },
      ...indexes,
    },
  },
  { type: 32, value: { IP: ip, Service: { Name: "old" }, ...indexes } },
  { type: 33, value: { IP: ip, IsCounter: true } },
  { type: 0, value: { ...node, Service: null, Check: null } },
  { type: 0, value: { ...node, Service: consulService, Check: null } },
  { type: 0, value: { ...node, Service: webService, Check: null } },
  { type: 0, value: { ...node, Service: null, Check: check } },
  { type: 6, value: [{ Coord: { Vec: [0, 0.5, -1], Error: 1.5 }, Node: "consul-1", Segment: "" }] },
  {
    type: 3,
    value: { Behavior: "release", ID: "8e39c4df", LockDelay: 15_000_000_000, Node: "consul-1", ...indexes },
  },
  {
    type: 17,
    value: {
      AccessorID: "d56136c7",
      CreateTime: goTime("2024-03-13T17:14:15Z", 109_823_000),
      ExpirationTime: null,
      Hash: hash,
      SecretID: "a4794332",
      ...indexes,
    },
  },
  { type: 4, value: { ID: "secret-of-old", Name: "old", Rules: "", Type: "client", ...indexes } },
  { type: 19, value: { ID: "0001", Name: "global", Rules: 'acl = "write"', Hash: hash, ...indexes } },
  { type: 23, value: { ID: "edbab2c0", Name: "operators", Hash: hash, ...indexes } },
  { type: 25, value: { ID: "2a7708b7", AuthMethod: "jwt", BindName: "web", ...indexes } },
  { type: 27, value: { Name: "jwt", Type: "jwt", Config: { Keys: ["k"] }, ...indexes } },
  { type: 2, value: kvsEntry("app/config", Buffer.from("v1"), 12) },
  {
    type: 2,
    value: {
      CreateIndex: 5,
      Flags: 3_304_740_253_564_472_344n,
      Key: "locks/a",
      LockIndex: 2,
      ModifyIndex: 2 ** 40,
      Session: "8e39c4df",
      Value: null,
    },
  },
  { type: 5, value: { ...kvsRest(), Key: "app/gone", ModifyIndex: 14 } },
  { type: 7, value: { ID: "d25ada95", Name: "nearest", Token: "root", DNS: { TTL: "10s" }, ...indexes } },
  { type: 9, value: { CleanupDeadServers: true, LastContactThreshold: 200_000_000, ...indexes } },
  {
    type: 12,
    value: {
      ID: "i-1",
      SourceName: "web",
      DestinationName: "api",
      CreatedAt: goTime("2020-10-09T05:45:26Z"),
      UpdatedAt: goZeroTime,
      Hash: hash,
      ...indexes,
    },
  },
  {
    type: 13,
    value: {
      ID: "72:b9",
      Name: "Root",
      NotBefore: goTime("2020-10-09T05:45:26Z"),
      NotAfter: goTime("2030-10-09T05:45:26Z"),
      RotatedOutAt: goZeroTime,
      RootCert: "-----BEGIN CERTIFICATE-----",
      ...indexes,
    },
  },
  { type: 14, value: { ID: "07:80", PrivateKey: "-----BEGIN EC PRIVATE KEY-----", ...indexes } },
  {
    type: 15,
    value: { ClusterID: "333d1fa2", Provider: "consul", Config: { LeafCertTTL: "72h" }, ...indexes },
  },
  configEntry("service-intentions", {
    Hash: 15_272_881_108_129_132_528n,
    Kind: "service-intentions",
    Name: "api",
    Sources: [
      { Name: "web", Action: "allow", LegacyCreateTime: goTime("2020-10-09T05:45:26Z") },
      { Name: "*", Action: "deny", LegacyCreateTime: null },
    ],
    ...indexes,
  }),
  // Packed once more, as proxy-defaults alone is.
  configEntry(
    "proxy-defaults",
    encodeMsgpack({ Kind: "proxy-defaults", Name: "global", Config: { a: 1 }, ...indexes }),
  ),
  configEntry("mesh", { Meta: null, ...indexes }),
  configEntry("exported-services", { Name: "default", ...indexes }),
  configEntry("bound-api-gateway", {
    Kind: "bound-api-gateway",
    Name: "gw",
    Services: pairs([[{ Name: "web" }, [{ Kind: "tcp-route" }]]]),
    ...indexes,
  }),
  {
    type: 30,
    value: {
      Datacenter: "",
      Op: "upsert",
      State: { Datacenter: "dc1", UpdatedAt: goTime("2020-10-09T05:45:26Z", 484_470_000), ...indexes },
      Token: "",
    },
  },
  { type: 31, value: { Key: "intention-format", Value: "config-entry", ...indexes } },
  { type: 16, value: { Key: "kvs", Value: 13 } },
  {
    type: 35,
    value: encodeProto([
      [1, "503f605c"],
      [2, "other"],
      [
        4,
        [
          [1, 1_710_350_056],
          [2, 500_000_000],
        ],
      ],
      [
        5,
        [
          [1, "team"],
          [2, "a"],
        ],
      ],
      [6, 2],
      [8, "pem-1"],
      [8, "pem-2"],
      [11, 20],
      [12, 21],
      [99, "new"],
    ]),
  },
  {
    type: 38,
    value: encodeProto([
      [1, "584ecf82.consul"],
      [2, "other"],
      [4, "pem"],
      [6, 20],
    ]),
  },
  {
    type: 40,
    value: encodeProto([
      [1, "503f605c"],
      [2, [[1, "one-time"]]],
      [
        3,
        [
          [1, "active"],
          [2, "pending"],
        ],
      ],
    ]),
  },
  {
    type: 42,
    value: encodeProto([
      [
        1,
        [
          [1, "01H"],
          [2, "web"],
          [
            3,
            [
              [1, "catalog"],
              [2, "v2beta1"],
              [3, "Service"],
            ],
          ],
          [
            4,
            [
              [1, "default"],
              [2, "ns1"],
            ],
          ],
        ],
      ],
      [3, "7"],
      [
        6,
        [
          [1, "ctl"],
          [
            2,
            [
              [1, "g1"],
              [
                2,
                [
                  [1, "Ready"],
                  [2, 1],
                ],
              ],
            ],
          ],
        ],
      ],
      [
        7,
        [
          [1, "type.googleapis.com/x"],
          [2, Buffer.from([1, 2, 255])],
        ],
      ],
    ]),
  },
  {
    type: 45,
    value: { Policy: { Settings: { x: true }, ...indexes }, Status: { PolicyIndex: 3, Features: {} } },
  },
  { type: 77, value: { Whatever: [1, null, Buffer.from([0xff, 0xfe])] } },
  {
    type: 29,
    value: {
      ChunkMap: pairs([[7, [{ OpNum: 7, SequenceNum: 0, NumChunks: 2, Data: Buffer.from([0, 255]) }]]]),
    },
  },
];

function kvsRest(): { readonly [key: string]: MsgpackValue } {
  return { CreateIndex: 0, Flags: 0, LockIndex: 0, Session: "", Value: null };
}
