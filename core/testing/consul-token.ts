import { type ConsulTarget, callConsul } from "./consul-http.ts";
import { noteSecret } from "./evidence.ts";

/** Makes a token with a policy of its own. @param management a target that may. @returns the token's secret. */
export async function createToken(management: ConsulTarget, name: string, rules: string): Promise<string> {
  await callConsul(management, "PUT", "/v1/acl/policy", { Name: name, Rules: rules });
  const token = await callConsul<{ SecretID: string }>(management, "PUT", "/v1/acl/token", {
    Description: name,
    Policies: [{ Name: name }],
  });
  return noteSecret(token.SecretID);
}
