import { AppError } from "#core/kernel/errors.ts";
import { getList, indexOf, send } from "./ask.ts";
import { type KindEndpoint, type PlainFields, pick, textIn } from "./kind.ts";

const names = ["Name", "Session", "Token", "Template", "Service", "DNS"];
const toBody = (fields: PlainFields): PlainFields => pick(fields, names);

/** Prepared queries: told apart by ID; one that was made again under the same name has the old one's place. */
export const preparedQuery: KindEndpoint = {
  kind: "prepared-query",
  toBody,
  label: (body) => `Prepared query ${textIn(body, "Name") || "without a name"}`,
  find: async (reading, body, ref) => {
    const all = await getList(reading, "/v1/query");
    const name = textIn(body, "Name");
    const found =
      all.find((one) => textIn(one, "ID") === ref) ??
      all.find((one) => name !== "" && textIn(one, "Name") === name);
    if (found === undefined) return null;
    // Written back as it is shown, the way back would destroy the query's token.
    if (textIn(found, "Token") === "<hidden>") {
      const userMessage = "Only a management token is shown the token of a prepared query.";
      throw new AppError({ code: "consul_denied", userMessage });
    }
    return { body: toBody(found), index: indexOf(found), ref: textIn(found, "ID") };
  },
  put: (reading, body, live) =>
    live === null
      ? send(reading, "POST", "/v1/query", body)
      : send(reading, "PUT", `/v1/query/${encodeURIComponent(live.ref)}`, body),
  remove: (reading, live) => send(reading, "DELETE", `/v1/query/${encodeURIComponent(live.ref)}`),
  newIdText: "Whoever asks by the old ID has to ask by the new one, or by its name.",
};
