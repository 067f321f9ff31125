import { ArchiveFormatError } from "../format-error.ts";

/** The SHA-256 in lower-case hex of each member that the sums must cover; null where the member was absent. */
type MemberDigests = ReadonlyMap<string, string | null>;

type SumLine = { readonly sha256: string; readonly name: string; readonly offset: number };

/**
 * Checks SHA256SUMS both ways, as Consul does: every line names a member that it may name and gives its sum, and
 * every member has a line. Returns all faults.
 */
export function checkSums(text: string, digests: MemberDigests): ArchiveFormatError[] {
  const faults: ArchiveFormatError[] = [];
  const seen = new Set<string>();
  const mismatched = new Set<string>();
  const { lines, badLine } = parseSums(text);
  for (const { name, sha256, offset } of lines) {
    const digest = digests.get(name);
    seen.add(name);
    if (digest === undefined) {
      faults.push(invalid(`list missing hash for ${JSON.stringify(name)}`, offset));
    } else if (digest !== null && digest !== sha256) {
      mismatched.add(name);
    }
  }
  for (const member of mismatched) {
    faults.push(
      new ArchiveFormatError("SUM_MISMATCH", `hash check failed for ${JSON.stringify(member)}`, { member }),
    );
  }
  if (badLine !== null) {
    return [...faults, badLine];
  }
  for (const member of digests.keys()) {
    if (!seen.has(member)) {
      faults.push(
        new ArchiveFormatError("SUM_MISSING", `file missing for ${JSON.stringify(member)}`, { member }),
      );
    }
  }
  return faults;
}

/**
 * Splits the text into lines as Go's bufio.Scanner does, and each line as `%x  %s` does: blanks, hex in either case,
 * blanks, a name without blanks. Go passes over what follows the name; here it is a fault. Stops at a bad line.
 */
function parseSums(text: string): { lines: SumLine[]; badLine: ArchiveFormatError | null } {
  const lines: SumLine[] = [];
  let offset = 0;
  const whole = text.endsWith("\n") ? text.slice(0, -1) : text;
  for (const line of text === "" ? [] : whole.split("\n")) {
    const [, sha256, name] = /^[ \t]*([0-9a-fA-F]{64})[ \t]+(\S+)\r?$/.exec(line) ?? [];
    if (sha256 === undefined || name === undefined) {
      const quoted = JSON.stringify(line.slice(0, 80));
      return { lines, badLine: invalid(`A line of SHA256SUMS is not a sum and a name: ${quoted}`, offset) };
    }
    lines.push({ sha256: sha256.toLowerCase(), name, offset });
    offset += line.length + 1;
  }
  return { lines, badLine: null };
}

function invalid(text: string, offset: number): ArchiveFormatError {
  return new ArchiveFormatError("SUMS_INVALID", text, { member: "SHA256SUMS", offset });
}
