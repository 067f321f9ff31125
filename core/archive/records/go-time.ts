// Times in state.bin. Consul writes what Go's time.MarshalBinary gives; newer msgpack libraries can also write the
// timestamp of msgpack's own specification, so both are read.

/** Seconds from Go's year 1 to Unix's 1970. */
const unixOfGoSeconds = 62_135_596_800;
const dateSecondsMax = 8_640_000_000_000;

/**
 * The time in ISO 8601, UTC, with as many decimals as it has. Null when the bytes are no time at all; undefined when
 * they are one that no calendar holds. Go's zero time is `0001-01-01T00:00:00Z`, as Consul's own API shows it.
 */
export function parseTime(bytes: Buffer): string | null | undefined {
  switch (bytes.length) {
    case 15:
    case 16:
      return parseGoTime(bytes);
    case 4:
      return toIso(bytes.readUInt32BE(0), 0);
    case 8: {
      const both = bytes.readBigUInt64BE(0);
      return toIso(Number(both & 0x3_ffff_ffffn), Number(both >> 34n));
    }
    case 12:
      return toIso(Number(bytes.readBigInt64BE(4)), bytes.readUInt32BE(0));
    default:
      return null;
  }
}

/** A version byte, int64 seconds since year 1, int32 nanoseconds, int16 minutes of offset, which say nothing here. */
function parseGoTime(bytes: Buffer): string | null | undefined {
  if (bytes[0] !== bytes.length - 14) {
    return null;
  }
  return toIso(Number(bytes.readBigInt64BE(1)) - unixOfGoSeconds, bytes.readInt32BE(9));
}

export function toIso(unixSeconds: number, nanoseconds: number): string | undefined {
  if (Math.abs(unixSeconds) > dateSecondsMax || nanoseconds < 0 || nanoseconds > 999_999_999) {
    return undefined;
  }
  const whole = new Date(unixSeconds * 1000).toISOString().slice(0, -5);
  const decimals = nanoseconds === 0 ? "" : `.${String(nanoseconds).padStart(9, "0").replace(/0+$/, "")}`;
  return `${whole}${decimals}Z`;
}
