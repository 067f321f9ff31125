import type { RestoreFacts } from "#core/archive/identity/index.ts";
import type { RestoreTarget } from "./target.ts";

type Known = Pick<RestoreFacts, "datacenter" | "versions" | "edition" | "hasAclTokens">;

/** What speaks against it, as far as the file and one answer of the target show. None of it stops a restore. */
export function warningsOf(
  { datacenter, versions, edition, hasAclTokens }: Known,
  target: Pick<RestoreTarget, "datacenter" | "version">,
): string[] {
  const isEnterprise = /\+ent/.test(target.version);
  const isOther = versions.length > 0 && !versions.includes(target.version);
  return [
    ...(datacenter !== null && datacenter !== target.datacenter
      ? [`The file is of ${datacenter}, and ${target.datacenter} is another datacenter.`]
      : []),
    ...(isOther
      ? [
          `The file was taken by Consul ${versions.join(", ")}, and ${target.version} runs here. Consul promises a restore into the same version only.`,
        ]
      : []),
    ...(edition === "enterprise" && !isEnterprise
      ? ["The file holds records of Consul Enterprise. The community edition panics on them."]
      : []),
    ...(hasAclTokens
      ? ["Tokens that are not in the file stop working, the one in use perhaps among them."]
      : []),
  ];
}
