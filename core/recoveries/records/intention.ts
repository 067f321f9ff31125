import { getList, indexOf, send } from "./ask.ts";
import { type KindEndpoint, type PlainFields, pick, textIn } from "./kind.ts";

const place = ["SourceNS", "SourceName", "DestinationNS", "DestinationName", "SourceType"];
const toBody = (fields: PlainFields): PlainFields => ({
  ...pick(fields, [...place, "Description", "Action", "Permissions", "Meta"]),
});
const toPlace = (fields: PlainFields): string =>
  place.map((name) => textIn(fields, name) || (name.endsWith("NS") ? "default" : "")).join("\n");

/**
 * Intentions, by source and destination, of which there is one each. From 1.9 on they are config entries of the kind
 * service-intentions, and one of an older snapshot has its place there in the datacenter's own way.
 */
export const intention: KindEndpoint = {
  kind: "intention",
  toBody,
  label: (body) => `Intention ${textIn(body, "SourceName")} to ${textIn(body, "DestinationName")}`,
  find: async (reading, body) => {
    const all = await getList(reading, "/v1/connect/intentions");
    const found = all.find((one) => toPlace(one) === toPlace(body));
    if (found === undefined) return null;
    return { body: toBody(found), index: indexOf(found), ref: textIn(found, "ID") || exactPath(body) };
  },
  put: (reading, body, live) => {
    if (live === null) return send(reading, "POST", "/v1/connect/intentions", body);
    const isExact = live.ref.startsWith("/");
    const path = isExact ? live.ref : `/v1/connect/intentions/${encodeURIComponent(live.ref)}`;
    return send(reading, "PUT", path, body);
  },
  remove: (reading, live) =>
    send(
      reading,
      "DELETE",
      live.ref.startsWith("/") ? live.ref : `/v1/connect/intentions/${encodeURIComponent(live.ref)}`,
    ),
  newIdText: "Whoever knows it by its old ID has to use the new one.",
};

function exactPath(body: PlainFields): string {
  const name = (which: "Source" | "Destination") => {
    const namespace = textIn(body, `${which}NS`);
    const service = textIn(body, `${which}Name`);
    return encodeURIComponent(
      namespace === "" || namespace === "default" ? service : `${namespace}/${service}`,
    );
  };
  return `/v1/connect/intentions/exact?source=${name("Source")}&destination=${name("Destination")}`;
}
