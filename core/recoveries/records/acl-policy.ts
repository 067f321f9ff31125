import { getList, getOne, indexOf, send } from "./ask.ts";
import { type KindEndpoint, type PlainFields, pick, textIn } from "./kind.ts";

const toBody = (fields: PlainFields): PlainFields =>
  pick(fields, ["Name", "Description", "Rules", "Datacenters"]);

/** ACL policies, by name. The list says which ID it has now: asked by name, Consul says "ACL not found" to both reasons. */
export const aclPolicy: KindEndpoint = {
  kind: "acl-policy",
  toBody,
  label: (body) => `ACL policy ${textIn(body, "Name")}`,
  find: async (reading, body) => {
    const all = await getList(reading, "/v1/acl/policies");
    const id = textIn(all.find((one) => textIn(one, "Name") === textIn(body, "Name")) ?? {}, "ID");
    if (id === "") return null;
    const found = await getOne(reading, `/v1/acl/policy/${encodeURIComponent(id)}`);
    return { body: toBody(found), index: indexOf(found), ref: id };
  },
  put: (reading, body, live) =>
    live === null
      ? send(reading, "PUT", "/v1/acl/policy", body)
      : send(reading, "PUT", `/v1/acl/policy/${encodeURIComponent(live.ref)}`, { ...body, ID: live.ref }),
  remove: (reading, live) => send(reading, "DELETE", `/v1/acl/policy/${encodeURIComponent(live.ref)}`),
  newIdText: "Tokens that had the policy under the old ID have to be linked to it again.",
};
