import { lookup as resolveName } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";

/**
 * Where Snapkeep may connect to on somebody's behalf. Whoever may enter an address could else have the server ask
 * what only the server can reach, such as the cloud's metadata service that hands out credentials.
 */
export type TargetPolicy = {
  /** @returns why this IP address is refused; null when it may be used. */
  refusal(address: string): string | null;
  /**
   * Resolves a name for `net.connect`, and refuses it when any of its addresses is refused. It is the resolution that
   * the connection then uses: a name can't say one thing when it is checked and another when it is used.
   */
  lookup: LookupFunction;
};

type Range = ReturnType<ipaddr.IPv4["range"]> | ReturnType<ipaddr.IPv6["range"]>;

/** Networks of one's own, where Consul servers usually are. */
const privateRanges: readonly Range[] = ["private", "loopback", "uniqueLocal", "carrierGradeNat"];

/** Metadata services outside of the link-local range, each of a cloud. */
const metadataAddresses = new Set([
  "fd00:ec2::254",
  "fd00:ec2::23",
  "fd20:ce::254",
  "100.100.100.200",
  "192.0.0.192",
  "168.63.129.16",
]);

/** @param allowPrivate whether private and loopback addresses may be targets. */
export function createTargetPolicy(allowPrivate: boolean): TargetPolicy {
  function refusal(text: string): string | null {
    if (!ipaddr.isValid(text)) return `${text} is not an IP address`;
    const reasons = readings(ipaddr.parse(text)).map((address) => refusalOf(text, address));
    return reasons.find((reason) => reason !== null) ?? null;
  }

  function refusalOf(text: string, address: ipaddr.IPv4 | ipaddr.IPv6): string | null {
    const name = address.toString();
    if (metadataAddresses.has(name)) return `${text} is a metadata address`;
    const range: Range = address.range();
    if (range === "unicast") return null;
    if (!privateRanges.includes(range)) return `${text} is a ${words[range] ?? range} address`;
    return allowPrivate
      ? null
      : `${text} is a ${words[range] ?? range} address, and SNAPKEEP_PRIVATE_TARGETS is off`;
  }

  const lookup: LookupFunction = (hostname, options, callback) => {
    resolveName(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, "", 0);
      const reason = addresses.map(({ address }) => refusal(address)).find((one) => one !== null);
      if (reason !== undefined) return callback(refused(hostname, reason), "", 0);
      if (options.all === true) return callback(null, addresses);
      callback(null, addresses[0]?.address ?? "", addresses[0]?.family ?? 0);
    });
  };
  return { refusal, lookup };
}

const words: Partial<Record<Range, string>> = {
  linkLocal: "link-local",
  uniqueLocal: "private",
  carrierGradeNat: "carrier network",
  loopback: "loopback",
  unspecified: "unspecified",
  reserved: "reserved",
};

/** Networks that hand a packet on to the IPv4 address inside; the second one is for use within one's own network. */
const nat64 = ipaddr.IPv6.parseCIDR("64:ff9b::/96");
const localNat64 = ipaddr.IPv6.parseCIDR("64:ff9b:1::/48");
const compatible = ipaddr.IPv6.parseCIDR("::/96");

/** An IPv4 address that comes dressed as IPv6 is judged as what it is, in each way that it may be meant. */
function readings(address: ipaddr.IPv4 | ipaddr.IPv6): (ipaddr.IPv4 | ipaddr.IPv6)[] {
  if (address instanceof ipaddr.IPv4) return [address];
  if (address.isIPv4MappedAddress()) return [address.toIPv4Address()];
  const bytes = address.toByteArray();
  const last = new ipaddr.IPv4(bytes.slice(12));
  if (address.match(nat64)) return [last];
  // RFC 6052 puts it right behind a prefix of 48 bits, around the eighth byte; behind one of 96 it stands last.
  if (address.match(localNat64)) return [new ipaddr.IPv4([6, 7, 9, 10].map((at) => bytes[at] ?? 0)), last];
  const isOwn = address.range() === "loopback" || address.range() === "unspecified";
  return address.match(compatible) && !isOwn ? [last] : [address];
}

/** The code tells it from a name that can't be resolved. */
function refused(hostname: string, reason: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${hostname} leads to a refused target: ${reason}`), {
    code: "ETARGETREFUSED",
  });
}

/** The bare address inside the brackets that a URL puts around IPv6; null when the host is a name. */
export function literalAddress(host: string): string | null {
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  return isIP(bare) === 0 ? null : bare;
}
