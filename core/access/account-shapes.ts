import { z } from "zod";
import { idSchema, passwordCharsMax, passwordSchema } from "./grant-shapes.ts";
import { grantView, signInWays } from "./people-shapes.ts";

/** Passkeys need a host name: a browser binds them to one, never to an IP address. */
export const passkeySupport = z.object({
  available: z.boolean(),
  /** Why not; null when they are. */
  reason: z.string().nullable(),
});

/** What somebody sees of their own account. */
export const accountView = z.object({
  id: z.string(),
  name: z.string(),
  role: z.string(),
  grants: z.array(grantView),
  grantsFrom: z.string(),
  breakGlass: z.boolean(),
  /** How this session began. */
  signedInWith: z.string(),
  ways: signInWays,
  /** Recovery codes that are still good; 0 without an authenticator app. */
  recoveryCodesLeft: z.number().int(),
  passkeySupport,
});

const currentPassword = z.string().min(1, "The current password is needed").max(passwordCharsMax);
/** An authenticator app's six digits; people write them with a space in the middle. */
export const codeSchema = z
  .string()
  .transform((text) => text.replace(/\s/g, ""))
  .pipe(z.string().regex(/^\d{6}$/, "Six digits"));

export const changePasswordInput = z.object({ currentPassword, newPassword: passwordSchema });
export const endedOthers = z.object({ ended: z.number().int() });

export const sessionView = z.object({
  id: z.string(),
  startedAt: z.iso.datetime(),
  /** To five minutes: a session's row is written that often. */
  lastSeenAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
  signedInWith: z.string(),
  /** The one that asks. */
  current: z.boolean(),
});
export const sessionList = z.object({ sessions: z.array(sessionView) });
export const sessionRef = z.object({ id: idSchema });

/** For the acts that change how somebody signs in. */
export const withPassword = z.object({ password: currentPassword });
/** The same secret three times: as text, as a link, as a picture. */
export const totpBegun = z.object({
  secret: z.string(),
  uri: z.string(),
  /** One SVG path in a square of `size` units a side, quiet zone included, to be filled in black on white. */
  qr: z.object({ size: z.number().int(), path: z.string() }),
});
export const confirmTotpInput = z.object({ code: codeSchema });
/** Shown here and never again; each works once. */
export const recoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });

const passkeyName = z.string().trim().min(1, "A name is needed").max(60, "At most 60 characters");
export const passkeyView = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.iso.datetime().nullable(),
  /** Copied between the person's devices by their maker, such as a phone's key chain. */
  synced: z.boolean(),
});
export const passkeyList = z.object({ passkeys: z.array(passkeyView), passkeySupport });
export const passkeyRef = z.object({ id: idSchema });
/** What `startRegistration` or `startAuthentication` of @simplewebauthn/browser takes as `optionsJSON`. */
export const passkeyOptions = z.object({ options: z.looseObject({ challenge: z.string() }) });
/** What the browser answered, as it is. */
export const passkeyResponse = z.looseObject({ id: z.string().max(2_000), rawId: z.string().max(2_000) });
export const finishPasskeyInput = z.object({ name: passkeyName, response: passkeyResponse });
export const renamePasskeyInput = passkeyRef.extend({ name: passkeyName });
export const nothing = z.object({});

export type AccountView = z.output<typeof accountView>;
export type SessionView = z.output<typeof sessionView>;
export type TotpBegun = z.output<typeof totpBegun>;
export type PasskeyView = z.output<typeof passkeyView>;
export type PasskeySupport = z.output<typeof passkeySupport>;
export type FinishPasskeyInput = z.input<typeof finishPasskeyInput>;

export const accountKeys = {
  all: ["account"],
  one: ["account", "one"],
  sessions: ["account", "sessions"],
  passkeys: ["account", "passkeys"],
} as const;
