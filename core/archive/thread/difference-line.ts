import type { Difference, DifferenceChange, KvSide, RecordSide } from "../compare/contract.ts";
import type { RecordKind } from "../records/visitor.ts";
import type { DifferenceSection } from "./messages.ts";

/** Where a record stands, and what is told of it beside what changed. For keys `valueBytes` and what follows. */
export type LineSide = {
  readonly offset: number;
  readonly bytes: number;
  readonly modifyIndex: number | null;
  readonly valueBytes?: number;
  readonly flags?: string;
  readonly lockIndex?: number;
  readonly session?: string;
};

/** A difference as a comparison keeps it: a line of JSON. It never holds a value or a field. */
export type DifferenceLine = {
  readonly kind: RecordKind;
  readonly typeName: string;
  /** The key's bytes in base64url for keys, else the record's identity. */
  readonly id: string;
  /** `partition/namespace` of an Enterprise key, else empty. */
  readonly place: string;
  readonly change: DifferenceChange;
  readonly churn: boolean;
  readonly parts: readonly string[];
  readonly before: LineSide | null;
  readonly after: LineSide | null;
};

function toDifferenceLine(difference: Difference): DifferenceLine {
  const { kind, change, churn, before, after } = difference;
  if (difference.kind === "kv") {
    const { partition, namespace } = difference;
    return {
      kind,
      typeName: "KVS",
      id: Buffer.from(difference.key).toString("base64url"),
      place: partition === "" && namespace === "" ? "" : `${partition}/${namespace}`,
      change,
      churn,
      parts: difference.parts,
      before: difference.before === null ? null : kvSide(difference.before),
      after: difference.after === null ? null : kvSide(difference.after),
    };
  }
  return {
    kind,
    typeName: difference.typeName,
    id: difference.identity,
    place: "",
    change,
    churn,
    parts: [],
    before: before === null ? null : recordSide(before as RecordSide),
    after: after === null ? null : recordSide(after as RecordSide),
  };
}

function kvSide(side: KvSide): LineSide {
  const { offset, bytes, modifyIndex, valueBytes, lockIndex, session } = side;
  return { offset, bytes, modifyIndex, valueBytes, flags: String(side.flags), lockIndex, session };
}

function recordSide({ offset, bytes, modifyIndex }: RecordSide): LineSide {
  return { offset, bytes, modifyIndex };
}

/** Makes the lines that a comparison puts down, one after the other, and keeps where those of each kind stand. */
export function createDifferenceLines() {
  const sections: { -readonly [Name in keyof DifferenceSection]: DifferenceSection[Name] }[] = [];
  let position = 0;
  return {
    sections: sections as readonly DifferenceSection[],
    next: (difference: Difference): Buffer => {
      const line = Buffer.from(`${JSON.stringify(toDifferenceLine(difference))}\n`);
      let section = sections.at(-1);
      if (section?.kind !== difference.kind) {
        section = { kind: difference.kind, from: position, to: position };
        sections.push(section);
      }
      position += line.length;
      section.to = position;
      return line;
    },
  };
}
