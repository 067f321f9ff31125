import { isAppError } from "#core/kernel/errors.ts";
import type { Appender } from "./files.ts";
import type { Wanted, WantedRecord } from "./plan-archive.ts";
import type { PlanItem } from "./plan-item.ts";
import type { Reading } from "./read-keys.ts";
import { differingFields, endpointOf, orderOf } from "./records/index.ts";
import { type PlainFields, textIn } from "./records/kind.ts";
import type { Choice } from "./selection.ts";

/** What stands in the plan's file for a record: the body to send, and the ID that it has or had. */
export type StoredRecord = { body: PlainFields; ref: string };

export function parseStoredRecord(bytes: Buffer): StoredRecord {
  return JSON.parse(bytes.toString("utf8")) as StoredRecord;
}

/** The chosen records that are no keys, each compared with what has its place now. */
export async function planRecords(reading: Reading, choice: Choice, wanted: Wanted, plan: Appender) {
  const items: Omit<PlanItem, "n">[] = [];
  const notes: string[] = [];
  const missing = choice.records.filter(
    ({ kind, identity }) => !wanted.records.some((one) => one.kind === kind && one.identity === identity),
  );
  if (missing.length > 0)
    notes.push(
      missing.length === 1
        ? "1 record that was chosen isn't in the snapshot."
        : `${missing.length} records that were chosen aren't in the snapshot.`,
    );
  const ordered = [...wanted.records].sort(
    (a, b) => orderOf(a.kind, a.identity) - orderOf(b.kind, b.identity),
  );
  for (const record of ordered) {
    const planned = await planRecord(reading, record, wanted.policyNames, plan);
    if (typeof planned === "string") notes.push(planned);
    else items.push(planned);
  }
  return { items, notes };
}

/** The item; or a sentence, when Consul refuses to show what is there. */
async function planRecord(
  reading: Reading,
  { kind, identity, fields }: WantedRecord,
  policyNames: ReadonlyMap<string, string>,
  plan: Appender,
): Promise<Omit<PlanItem, "n"> | string> {
  const endpoint = endpointOf(kind);
  const body = endpoint.toBody(fields, policyNames);
  const label = endpoint.label(body);
  const store = (record: StoredRecord) => Buffer.from(JSON.stringify(record));
  let live: Awaited<ReturnType<typeof endpoint.find>>;
  try {
    live = await endpoint.find(reading, body, textIn(fields, "ID"));
  } catch (error) {
    if (!isAppError(error) || (error.code !== "consul_denied" && error.code !== "consul_error")) throw error;
    return `${label} is left out: ${error.userMessage}`;
  }
  const wanted = store({ body, ref: textIn(fields, "ID") });
  const common = { kind, id: identity, label, closed: null, snapshotBytes: wanted.length };
  if (live === null) {
    const want = { at: plan.add(wanted), flags: "0" };
    return { ...common, action: "create", index: 0, liveBytes: null, parts: [], want, before: null };
  }
  const parts = differingFields(body, live.body);
  const before = store({ body: live.body, ref: live.ref });
  const found = { index: live.index, liveBytes: before.length, parts };
  if (parts.length === 0) return { ...common, ...found, action: "unchanged", want: null, before: null };
  return {
    ...common,
    ...found,
    action: "update",
    want: { at: plan.add(wanted), flags: "0" },
    before: { at: plan.add(before), flags: "0" },
  };
}
