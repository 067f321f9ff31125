import type { ContentsIndex } from "#core/archive/contents-index/index.ts";
import { idOfRecord, mayEnd } from "#core/archive/identity/index.ts";
import { records } from "../preflight/snapshot-facts.ts";

/** Records of a snapshot that Consul takes away by itself once it has them again: that they are missing proves nothing. */
export async function endsByItself(index: ContentsIndex, endsBeforeMs: number): Promise<string[]> {
  const found: string[] = [];
  for (const kind of ["acl-token", "prepared-query"] as const) {
    for await (const record of records(index, kind))
      if (mayEnd(record, endsBeforeMs)) found.push(idOfRecord(record.kind, record.identity));
  }
  return found;
}
