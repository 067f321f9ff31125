import type { RecordCounts } from "../contract.ts";
import { recordTypeName } from "../records/record-types.ts";

export type RecordCounter = {
  readonly add: (type: number, bytes: number) => void;
  readonly counts: (headerBytes: number) => RecordCounts;
};

/** Counts records per type byte. */
export function createRecordCounter(): RecordCounter {
  const countByType = new Float64Array(256);
  const bytesByType = new Float64Array(256);
  return {
    add: (type, bytes) => {
      countByType[type] = (countByType[type] ?? 0) + 1;
      bytesByType[type] = (bytesByType[type] ?? 0) + bytes;
    },
    counts: (headerBytes) => {
      const byType = Array.from(countByType, (count, type) => ({
        type,
        name: recordTypeName(type),
        count,
        bytes: bytesByType[type] ?? 0,
      }))
        .filter(({ count }) => count > 0)
        .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
      return { total: byType.reduce((sum, { count }) => sum + count, 0), byType, headerBytes };
    },
  };
}
