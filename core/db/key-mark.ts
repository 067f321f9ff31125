import type { Database } from "./database.ts";

const key = "key.mark";

/**
 * Whether the records were sealed under the key that this mark was made with. The first mark is kept, and stands for
 * the records' key from then on.
 * @param mark a fingerprint of the key, not the key.
 * @param mayKeep false: only looks.
 */
export async function isKeyOfRecords(db: Database, mark: string, mayKeep: boolean): Promise<boolean> {
  const known = await db.prisma.setting.findUnique({ where: { key } });
  if (known !== null) return known.value === mark;
  if (mayKeep) await db.prisma.setting.create({ data: { key, value: mark } });
  return true;
}
