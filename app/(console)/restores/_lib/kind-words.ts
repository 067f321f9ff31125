import type { RecordKind } from "#core/archive/contract.ts";

const parts: { readonly [kind in RecordKind]?: string } = {
  node: "nodes",
  service: "services",
  check: "checks",
};

/** Consul's name of a record type; of Register, which is three kinds, with the kind. */
export function kindWords({ kind, typeName }: { kind: RecordKind; typeName: string }): string {
  const part = parts[kind];
  if (typeName === "") return kind;
  return part === undefined ? typeName : `${typeName}, ${part}`;
}
