import { readFileSync } from "node:fs";
import type { Env } from "#core/kernel/env.ts";
import { AppError } from "#core/kernel/errors.ts";
import { type Role, roles } from "./contract.ts";

/** What a group of the identity provider stands for here. */
export type GroupRole = {
  group: string;
  role: Role;
  /** A cluster's name or id as it was written; null: all clusters. */
  cluster: string | null;
  datacenter: string | null;
};

export type OidcSettings = {
  issuer: string;
  clientId: string;
  /** null: a public client, which PKCE alone protects. */
  clientSecret: string | null;
  name: string;
  scopes: string[];
  groupsClaim: string;
  groupRoles: GroupRole[];
  defaultRole: Role | null;
  /** E-mail domains in lower case; empty: any. */
  allowedDomains: string[];
};

export const defaultProviderName = "single sign-on";

/**
 * The identity provider as the environment names it, null without one.
 * @throws AppError `invalid_input` that names the wrong variable.
 */
export function readOidcSettings(env: Env): OidcSettings | null {
  if (env.SNAPKEEP_OIDC_ISSUER === undefined) return null;
  const clientId = env.SNAPKEEP_OIDC_CLIENT_ID;
  if (clientId === undefined) throw wrong("SNAPKEEP_OIDC_CLIENT_ID", "is needed beside SNAPKEEP_OIDC_ISSUER");
  const defaultRole = env.SNAPKEEP_OIDC_DEFAULT_ROLE;
  return {
    issuer: checkedIssuer(env.SNAPKEEP_OIDC_ISSUER),
    clientId,
    clientSecret: readSecret(env),
    name: env.SNAPKEEP_OIDC_NAME ?? defaultProviderName,
    scopes: (env.SNAPKEEP_OIDC_SCOPES ?? "openid profile email").split(/[\s,]+/).filter(Boolean),
    groupsClaim: env.SNAPKEEP_OIDC_GROUPS_CLAIM ?? "groups",
    groupRoles: parts(env.SNAPKEEP_OIDC_ROLES).map(parseGroupRole),
    defaultRole: defaultRole === undefined ? null : knownRole(defaultRole, "SNAPKEEP_OIDC_DEFAULT_ROLE"),
    allowedDomains: parts(env.SNAPKEEP_OIDC_ALLOWED_DOMAINS).map((domain) =>
      domain.replace(/^@/, "").toLowerCase(),
    ),
  };
}

/** Codes and keys travel to the issuer, so anything but https must stay on this machine. */
function checkedIssuer(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const local = url !== null && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url === null || !(url.protocol === "https:" || (url.protocol === "http:" && local)))
    throw wrong("SNAPKEEP_OIDC_ISSUER", "must be an https address");
  if (url.search !== "" || url.hash !== "")
    throw wrong("SNAPKEEP_OIDC_ISSUER", "must be the issuer itself, without a query");
  return text;
}

function readSecret(env: Env): string | null {
  const file = env.SNAPKEEP_OIDC_CLIENT_SECRET_FILE;
  if (env.SNAPKEEP_OIDC_CLIENT_SECRET !== undefined) return env.SNAPKEEP_OIDC_CLIENT_SECRET;
  if (file === undefined) return null;
  try {
    return readFileSync(file, "utf8").trim();
  } catch (cause) {
    throw wrong("SNAPKEEP_OIDC_CLIENT_SECRET_FILE", `can't be read: ${file}`, cause);
  }
}

/** `group=role`, `group=role@cluster` or `group=role@cluster/datacenter`; a group's own name may hold a `=`. */
function parseGroupRole(text: string): GroupRole {
  const at = text.lastIndexOf("=");
  const group = text.slice(0, Math.max(0, at)).trim();
  const [role = "", place] = splitOnce(text.slice(at + 1).trim(), "@");
  if (group === "" || place === "") throw wrong("SNAPKEEP_OIDC_ROLES", `doesn't read as group=role: ${text}`);
  const [cluster = null, datacenter = null] = place === undefined ? [] : splitOnce(place, "/");
  return { group, role: knownRole(role, "SNAPKEEP_OIDC_ROLES"), cluster, datacenter };
}

function splitOnce(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text.trim(), undefined] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

function knownRole(text: string, variable: string): Role {
  const known = roles.find((role) => role === text.trim());
  if (known !== undefined) return known;
  throw wrong(variable, `knows no role "${text}"; there are ${roles.join(", ")}`);
}

function parts(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);
}

function wrong(variable: string, words: string, cause?: unknown): AppError {
  return new AppError({ code: "invalid_input", userMessage: `${variable} ${words}.`, cause });
}
