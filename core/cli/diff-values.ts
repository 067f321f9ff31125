import { type Difference, diffFields, type FieldDifference } from "#core/archive/compare/index.ts";
import { credentialRule, redactFields, type Seal } from "#core/archive/redaction/index.ts";
import type { ArchiveFile } from "./archive-file.ts";
import type { DiffQuestion } from "./diff-question.ts";
import { createSideReader, type FoundRecord, type SideReader } from "./diff-side.ts";

/** A value of a key: its bytes, or what may be known of one that its name keeps closed. */
export type ToldValue =
  | { readonly state: "open"; readonly bytes: Buffer }
  | { readonly state: "closed"; readonly rule: string; readonly bytes: number; readonly fingerprint: string }
  /** Larger than what is decoded. */
  | { readonly state: "too-large"; readonly bytes: number };

export type DifferenceValues =
  | { readonly of: "key"; readonly before: ToldValue | null; readonly after: ToldValue | null }
  | { readonly of: "record"; readonly fields: readonly FieldDifference[] };

/**
 * Reads both archives once more and gives each difference with its values. A comparison keeps none, so the list of
 * differences is held in memory for this, and the records that differ other than keys.
 */
export async function* withValues(
  differences: readonly Difference[],
  archives: readonly [ArchiveFile, ArchiveFile],
  question: DiffQuestion,
  seal: Seal,
): AsyncGenerator<{ difference: Difference; values: DifferenceValues | null }> {
  const offsets = (side: "before" | "after") =>
    new Set(differences.flatMap((each) => (hasValues(each) ? (each[side]?.offset ?? []) : [])));
  const a = createSideReader(archives[0], offsets("before"));
  const b = createSideReader(archives[1], offsets("after"));
  try {
    for (const difference of differences) {
      const pair = hasValues(difference) ? await readPair(difference, a, b) : null;
      const values = pair === null ? null : toValues(difference, pair, question, seal);
      yield { difference, values };
    }
  } finally {
    await Promise.all([a.close(), b.close()]);
  }
}

/** Where only flags or a lock differ, the value would be twice the same. */
function hasValues(difference: Difference): boolean {
  if (difference.change === "touched") return false;
  return difference.kind !== "kv" || difference.change !== "changed" || difference.parts.includes("value");
}

type Pair = { readonly before: FoundRecord | null; readonly after: FoundRecord | null };

async function readPair({ before, after }: Difference, a: SideReader, b: SideReader): Promise<Pair> {
  return {
    before: before && (await a.take(before.offset)),
    after: after && (await b.take(after.offset)),
  };
}

function toValues(
  difference: Difference,
  { before, after }: Pair,
  { reveal, includeChurn }: DiffQuestion,
  seal: Seal,
): DifferenceValues {
  if (difference.kind === "kv") {
    const rule = reveal ? null : credentialRule(Buffer.from(difference.key).toString("utf8"));
    const told = (record: FoundRecord | null) => record && toToldValue(record, rule, seal);
    return { of: "key", before: told(before), after: told(after) };
  }
  const { kind, identity } = difference;
  const fields = (record: FoundRecord | null) => {
    const found = record?.of === "record" ? record.fields : {};
    return reveal ? found : redactFields(kind, found, seal);
  };
  const differing = diffFields(fields(before), fields(after), { kind, identity });
  return { of: "record", fields: differing.filter(({ churn }) => includeChurn || !churn) };
}

function toToldValue(record: FoundRecord, rule: string | null, seal: Seal): ToldValue | null {
  if (record.of !== "key") return null;
  const { value, valueBytes: bytes } = record;
  if (value === null) return { state: "too-large", bytes };
  return rule === null
    ? { state: "open", bytes: value }
    : { state: "closed", rule, bytes, fingerprint: seal(value) };
}
