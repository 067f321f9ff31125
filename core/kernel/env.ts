import { z } from "zod";

const text = z.string().trim().optional();
/** Consul reads booleans like Go's ParseBool. */
const goBool = text.transform((value, ctx) => {
  if (value === undefined) return undefined;
  if (["1", "t", "T", "TRUE", "true", "True"].includes(value)) return true;
  if (["0", "f", "F", "FALSE", "false", "False"].includes(value)) return false;
  ctx.addIssue({ code: "custom", message: "must be true or false" });
  return z.NEVER;
});
const port = z.coerce.number().int().min(0).max(65_535);
const positiveMs = z.coerce.number().int().positive();

/** A compose file writes a variable that nobody set as an empty one, and an empty number would be 0. */
function withoutBlanks(source: Record<string, string | undefined>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(source).filter(([, value]) => value?.trim() !== ""));
}

const schema = z.object({
  NODE_ENV: text,
  /** Serves from source with Next's own watcher; only for work on Snapkeep. */
  SNAPKEEP_DEV: goBool,
  SNAPKEEP_HOST: text.transform((value) => value ?? "127.0.0.1"),
  // Not 8600, which is the DNS port of a Consul agent on the same machine.
  SNAPKEEP_PORT: port.default(8680),
  /** Records, key file and, unless said otherwise, archives. */
  SNAPKEEP_DATA: text.transform((value) => value ?? ".snapkeep"),
  SNAPKEEP_ARCHIVES: text,
  SNAPKEEP_SECRET: text,
  SNAPKEEP_BASE_URL: text,
  SNAPKEEP_LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  /** How long Consul may take to its first byte; it writes the whole archive to its own disk before. */
  SNAPKEEP_FIRST_BYTE_TIMEOUT_MS: positiveMs.default(30 * 60_000),
  /** How long a started stream may stand still. */
  SNAPKEEP_IDLE_TIMEOUT_MS: positiveMs.default(5 * 60_000),
  /** Whether a restore into the cluster of CONSUL_HTTP_ADDR waits for a second person; others have it on their page. */
  SNAPKEEP_RESTORE_APPROVAL: z.enum(["none", "second-person"]).default("none"),
  /** How long a datacenter is watched after a restore. */
  SNAPKEEP_RESTORE_WATCH_MS: positiveMs.default(10 * 60_000),
  /**
   * How long Consul may still be applying an archive whose answer got lost. A datacenter is called untouched only
   * when it holds what it held before, and still does so much later.
   */
  SNAPKEEP_RESTORE_SETTLE_MS: positiveMs.default(30_000),
  /** The longest that a drill may take, from the start of its throwaway Consul to the end of the comparison. */
  SNAPKEEP_DRILL_TIMEOUT_MS: positiveMs.default(10 * 60_000),
  /** break-glass: whoever isn't marked as that signs in with the identity provider. */
  SNAPKEEP_LOCAL_SIGN_IN: z.enum(["all", "break-glass"]).default("all"),
  SNAPKEEP_OIDC_ISSUER: text,
  SNAPKEEP_OIDC_CLIENT_ID: text,
  SNAPKEEP_OIDC_CLIENT_SECRET: text,
  SNAPKEEP_OIDC_CLIENT_SECRET_FILE: text,
  SNAPKEEP_OIDC_NAME: text,
  SNAPKEEP_OIDC_SCOPES: text,
  SNAPKEEP_OIDC_GROUPS_CLAIM: text,
  SNAPKEEP_OIDC_ROLES: text,
  SNAPKEEP_OIDC_DEFAULT_ROLE: text,
  SNAPKEEP_OIDC_ALLOWED_DOMAINS: text,
  /** How many proxies of ours stand in front, each appending to X-Forwarded-For. */
  SNAPKEEP_TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
  /** Requests per minute and address, files of the pages apart. */
  SNAPKEEP_REQUESTS_PER_MINUTE: z.coerce.number().int().min(10).default(1_200),
  /** Whether clusters and webhooks may be on private and loopback addresses, where Consul usually is. */
  SNAPKEEP_PRIVATE_TARGETS: goBool.transform((value) => value ?? true),
  SNAPKEEP_AUDIT_ANCHOR_FILE: text,
  SNAPKEEP_AUDIT_ANCHOR_URL: text,
  SNAPKEEP_AUDIT_ANCHOR_MINUTES: z.coerce
    .number()
    .int()
    .min(1)
    .max(7 * 24 * 60)
    .default(60),
  /** Entries older than this move into archive files, in whole segments. Without, all stay. */
  SNAPKEEP_AUDIT_KEEP_DAYS: z.coerce.number().int().min(1).optional(),
  /** The program that drills run; without, `consul` on the PATH. */
  CONSUL_BIN: text,
  PATH: text,
  CONSUL_HTTP_ADDR: text,
  CONSUL_HTTP_TOKEN: text,
  CONSUL_HTTP_TOKEN_FILE: text,
  CONSUL_HTTP_SSL: goBool,
  CONSUL_CACERT: text,
  CONSUL_CAPATH: text,
  CONSUL_CLIENT_CERT: text,
  CONSUL_CLIENT_KEY: text,
  CONSUL_TLS_SERVER_NAME: text,
  CONSUL_HTTP_SSL_VERIFY: goBool,
});

export type Env = z.output<typeof schema>;

/**
 * The only place that reads the process environment. Names of Consul's own variables mean what they mean
 * to Consul's command line.
 * @throws Error with one sentence per wrong variable.
 */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const result = schema.safeParse(withoutBlanks(source));
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`The environment is wrong. ${lines.join("; ")}.`);
}
