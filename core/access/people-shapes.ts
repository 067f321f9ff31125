import { z } from "zod";
import { grantsSchema, idSchema, usernameSchema } from "./grant-shapes.ts";

/** A grant as it is kept: its role may be one that nobody knows any more. */
export const grantView = z.object({
  role: z.string(),
  clusterId: z.string().nullable(),
  datacenter: z.string().nullable(),
});

/** How somebody can prove who they are. */
export const signInWays = z.object({
  password: z.boolean(),
  /** An authenticator app is asked for after the password. */
  code: z.boolean(),
  passkeys: z.number().int(),
  /** The identity provider's name for whoever comes from there; null for a local account. */
  provider: z.string().nullable(),
});

export const personView = z.object({
  id: z.string(),
  name: z.string(),
  grants: z.array(grantView),
  /** "setup", "console", "command line", "groups sre, dba", "default role" */
  grantsFrom: z.string(),
  /** The strongest of the roles, "none" without one. */
  role: z.string(),
  breakGlass: z.boolean(),
  disabledAt: z.iso.datetime().nullable(),
  lastSignInAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  ways: signInWays,
  /** Signed in with a one-time password only, and has yet to choose their own. */
  mustChangePassword: z.boolean(),
  sessions: z.number().int(),
  /** API tokens that are good. */
  tokens: z.number().int(),
  /** Whoever asks. */
  you: z.boolean(),
  /** Why this person can be neither disabled, removed nor lowered; null when they can. */
  keptBecause: z.string().nullable(),
});

export const peopleList = z.object({
  people: z.array(personView),
  /** The identity provider's name, null without one. */
  provider: z.string().nullable(),
  /** "break-glass": other local accounts can't sign in. */
  localSignIn: z.enum(["all", "break-glass"]),
});

export const personRef = z.object({ id: idSchema });
export const createPersonInput = z.object({
  name: usernameSchema,
  grants: grantsSchema.min(1, "At least one role"),
  breakGlass: z.boolean().default(false),
});
export const setGrantsInput = personRef.extend({ grants: grantsSchema });
export const setBreakGlassInput = personRef.extend({ breakGlass: z.boolean() });

/** A password that works once, to be passed on by another way; it is shown here and never again. */
export const oneTimePassword = z.object({ id: z.string(), name: z.string(), password: z.string() });
export const endedSessions = z.object({ id: z.string(), ended: z.number().int() });

export type PersonView = z.output<typeof personView>;
export type PeopleList = z.output<typeof peopleList>;
export type OneTimePassword = z.output<typeof oneTimePassword>;

export const peopleKeys = { all: ["people"], list: ["people", "list"] } as const;
