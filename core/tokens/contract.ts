import { z } from "zod";
import { grantSchema, grantsSchema } from "#core/access/contract.ts";

/** What every token's text begins with, so that scanners of repositories and our own logs know one. */
export const tokenPrefix = "skt_";
/** `skt_` and so much of the rest is kept in clear, to tell tokens apart. */
export const shownChars = 10;
export const lifeDaysMax = 3_650;

export const createTokenInput = z.object({
  name: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/, "1 to 60 letters, digits, dots, dashes, underscores"),
  grants: grantsSchema.min(1, "A token needs a role"),
  /** From now on; null never ends. */
  lifeDays: z.coerce.number().int().min(1).max(lifeDaysMax).nullable().default(90),
});

export const tokenView = z.object({
  id: z.string(),
  name: z.string(),
  /** `skt_Ab3dE6`: the beginning of the text. */
  prefix: z.string(),
  grants: z.array(grantSchema.extend({ role: z.string() })),
  makerId: z.string().nullable(),
  makerName: z.string(),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
  /** The address that used it last. */
  lastUsedBy: z.string().nullable(),
  revokedAt: z.string().nullable(),
  state: z.enum(["active", "expired", "revoked", "maker gone"]),
});
export type TokenView = z.infer<typeof tokenView>;

export const tokenList = z.object({ tokens: z.array(tokenView) });
/** The text is in this answer and never again. */
export const createdToken = z.object({ token: tokenView, text: z.string() });
export const tokenRef = z.object({ id: z.string().min(1).max(60) });

export const tokenKeys = { list: ["tokens"] as const };
