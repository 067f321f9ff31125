import { isAppError } from "#core/kernel/errors.ts";
import { getOne, indexOf, send } from "./ask.ts";
import { isFields, type KindEndpoint, listIn, type PlainFields, textIn, withoutNulls } from "./kind.ts";

/** Set by Consul, and refused or pointless when sent. */
const ofConsul = new Set(["CreateIndex", "ModifyIndex", "RaftIndex", "EnterpriseMeta", "Hash", "Status"]);
/** Embedded in structures of Consul, which its API doesn't show. */
const inside = new Set(["EnterpriseMeta", "RaftIndex"]);
const ofConsulInSources = new Set([
  "LegacyID",
  "LegacyMeta",
  "LegacyCreateTime",
  "LegacyUpdateTime",
  "Precedence",
]);

const without = (fields: PlainFields, names: ReadonlySet<string>): PlainFields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.has(name)));

function toEntry(kind: string, fields: PlainFields): PlainFields {
  const entry = withoutNulls(without(fields, ofConsul), inside);
  const body: PlainFields = isFields(entry) ? { ...entry, Kind: kind } : { Kind: kind };
  if (kind === "service-intentions")
    body.Sources = listIn(body, "Sources").map((source) => without(source, ofConsulInSources));
  if (kind === "mesh") body.Name = "mesh";
  return body;
}

const pathOf = (body: PlainFields): string =>
  `/v1/config/${encodeURIComponent(textIn(body, "Kind"))}/${encodeURIComponent(textIn(body, "Name"))}`;

/** Config entries, by kind and name, with a check-and-set of their own. */
export const configEntry: KindEndpoint = {
  kind: "config-entry",
  toBody: (fields) => toEntry(textIn(fields, "Kind"), isFields(fields.Entry) ? fields.Entry : {}),
  label: (body) => `Config entry ${textIn(body, "Kind")}/${textIn(body, "Name")}`,
  find: async (reading, body) => {
    try {
      const found = await getOne(reading, pathOf(body));
      return { body: toEntry(textIn(body, "Kind"), found), index: indexOf(found), ref: pathOf(body) };
    } catch (error) {
      if (isAppError(error) && /^config entry not found/i.test(error.userMessage)) return null;
      throw error;
    }
  },
  put: (reading, body, live) => {
    // Without `mesh` its name: Consul takes none.
    const sent = textIn(body, "Kind") === "mesh" ? without(body, new Set(["Name"])) : body;
    return send(reading, "PUT", `/v1/config?cas=${live?.index ?? 0}`, sent);
  },
  // Since 1.12 Consul takes a check-and-set here, too; an older one ignores it.
  remove: (reading, live) => send(reading, "DELETE", `${live.ref}?cas=${live.index}`),
  newIdText: "",
};
