// What the first byte of a msgpack value says about its length. Consul writes the old form of the format (no str8,
// no bin, no ext), but its decoder reads all of it, and so do these tables.

/** The one byte that begins no value. */
export const msgpackNeverUsed = 0xc1;

const fixmap = { from: 0x80, to: 0x8f };
const fixarray = { from: 0x90, to: 0x9f };
const fixraw = { from: 0xa0, to: 0xbf };

/** Payload bytes that follow the lead byte itself, for the values whose lead byte tells. */
export const payloadBytesByLead = table((lead) => {
  if (lead >= fixraw.from && lead <= fixraw.to) {
    return lead - fixraw.from;
  }
  const scalarPayloads = new Map([
    [0xca, 4], // float32
    [0xcb, 8],
    [0xcc, 1], // uint8 … uint64
    [0xcd, 2],
    [0xce, 4],
    [0xcf, 8],
    [0xd0, 1], // int8 … int64
    [0xd1, 2],
    [0xd2, 4],
    [0xd3, 8],
    [0xd4, 2], // fixext 1 … 16, each with its type byte
    [0xd5, 3],
    [0xd6, 5],
    [0xd7, 9],
    [0xd8, 17],
  ]);
  return scalarPayloads.get(lead) ?? 0;
});

/** Values that follow, for the maps and arrays whose lead byte tells. */
export const valuesByLead = table((lead) => {
  if (lead >= fixmap.from && lead <= fixmap.to) {
    return 2 * (lead - fixmap.from);
  }
  return lead >= fixarray.from && lead <= fixarray.to ? lead - fixarray.from : 0;
});

/** Bytes of the big-endian length that follows the lead byte; 0 where there is none. */
export const lengthBytesByLead = table((lead) => {
  const lengths = new Map([
    [0xc4, 1], // bin
    [0xc5, 2],
    [0xc6, 4],
    [0xc7, 1], // ext
    [0xc8, 2],
    [0xc9, 4],
    [0xd9, 1], // raw
    [0xda, 2],
    [0xdb, 4],
    [0xdc, 2], // array
    [0xdd, 4],
    [0xde, 2], // map
    [0xdf, 4],
  ]);
  return lengths.get(lead) ?? 0;
});

/** Payload bytes of a value with a length of its own; an ext has its type byte besides. */
export function payloadBytesOf(lead: number, length: number): number {
  return lead >= 0xdc ? 0 : lead >= 0xc7 && lead <= 0xc9 ? length + 1 : length;
}

/** Values inside a map or array with a length of its own. */
export function valuesOf(lead: number, length: number): number {
  return lead >= 0xde ? 2 * length : lead >= 0xdc ? length : 0;
}

function table(entry: (lead: number) => number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, lead) => entry(lead));
}
