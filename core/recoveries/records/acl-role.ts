import { getList, getOne, indexOf, send } from "./ask.ts";
import { type KindEndpoint, listIn, type PlainFields, pick, textIn } from "./kind.ts";

/** A policy that was made again has another ID, so roles are linked by names. */
function toBody(fields: PlainFields, policyNames: ReadonlyMap<string, string> = new Map()): PlainFields {
  const links = listIn(fields, "Policies").map((link): PlainFields => {
    const id = textIn(link, "ID");
    const name = textIn(link, "Name") || (policyNames.get(id) ?? "");
    return name === "" ? { ID: id } : { Name: name };
  });
  links.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  const own = pick(fields, [
    "Name",
    "Description",
    "ServiceIdentities",
    "NodeIdentities",
    "TemplatedPolicies",
  ]);
  return links.length === 0 ? own : { ...own, Policies: links };
}

/** ACL roles, by name. */
export const aclRole: KindEndpoint = {
  kind: "acl-role",
  toBody,
  label: (body) => `ACL role ${textIn(body, "Name")}`,
  find: async (reading, body) => {
    const all = await getList(reading, "/v1/acl/roles");
    const id = textIn(all.find((one) => textIn(one, "Name") === textIn(body, "Name")) ?? {}, "ID");
    if (id === "") return null;
    const found = await getOne(reading, `/v1/acl/role/${encodeURIComponent(id)}`);
    return { body: toBody(found), index: indexOf(found), ref: id };
  },
  put: (reading, body, live) =>
    live === null
      ? send(reading, "PUT", "/v1/acl/role", body)
      : send(reading, "PUT", `/v1/acl/role/${encodeURIComponent(live.ref)}`, { ...body, ID: live.ref }),
  remove: (reading, live) => send(reading, "DELETE", `/v1/acl/role/${encodeURIComponent(live.ref)}`),
  newIdText: "Tokens that had the role under the old ID have to be linked to it again.",
};
