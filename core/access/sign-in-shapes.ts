import { z } from "zod";
import { codeSchema, type PasskeySupport, passkeyResponse } from "./account-shapes.ts";
import { passwordCharsMax, passwordSchema, usernameSchema } from "./grant-shapes.ts";

export const signInInput = z.object({
  // Phones like to begin with a capital; no account has one.
  username: z.string().trim().toLowerCase().min(1).max(40),
  password: z.string().min(1).max(passwordCharsMax),
  /** For whoever signs in with a one-time password and was asked to choose their own. */
  newPassword: passwordSchema.optional(),
});
/** The second step: what the authenticator app shows, or one of the recovery codes. */
export const secondFactorInput = z
  .object({
    code: codeSchema.optional(),
    recoveryCode: z.string().trim().min(1).max(40).optional(),
    newPassword: passwordSchema.optional(),
  })
  .refine((input) => (input.code === undefined) !== (input.recoveryCode === undefined), {
    message: "A code or a recovery code is needed",
    path: ["code"],
  });
export const passkeySignInInput = z.object({ response: passkeyResponse });
export const setupInput = z.object({
  setupToken: z.string().trim().min(1, "The setup token stands in Snapkeep's own output").max(200),
  username: usernameSchema,
  password: passwordSchema,
});

export type SignInInput = z.input<typeof signInInput>;
export type SecondFactorInput = z.input<typeof secondFactorInput>;
export type PasskeySignInInput = z.input<typeof passkeySignInInput>;
export type SetupInput = z.input<typeof setupInput>;

/** What is still missing after a right password; `done` is a session. */
export type SignInStep = "done" | "code" | "password";

/** What the sign-in page offers. Known without asking the identity provider, which may be down. */
export type SignInOffer = {
  provider: string | null;
  localSignIn: "all" | "break-glass";
  passkeys: PasskeySupport;
};

/** Why the identity provider's word wasn't enough; part of the address that the browser comes back to. */
export const providerProblems = [
  "groups",
  "domain",
  "disabled",
  "expired",
  "unreachable",
  "refused",
] as const;
export type ProviderProblem = (typeof providerProblems)[number];

export function providerProblemWords(problem: ProviderProblem, provider: string): string {
  switch (problem) {
    case "groups":
      return `None of your groups at ${provider} has a role here. Ask an administrator of Snapkeep.`;
    case "domain":
      return `Your e-mail address at ${provider} is not verified, or its domain is not allowed here.`;
    case "disabled":
      return "This account is disabled. Ask an administrator of Snapkeep.";
    case "expired":
      return "This sign-in took too long, was used before, or began in another browser. Begin again.";
    case "unreachable":
      return `${provider} does not answer. Local accounts still work.`;
    case "refused":
      return `${provider} did not confirm who you are. Try again.`;
    default:
      return problem satisfies never;
  }
}

/** A path of this site to go on to; anything that leads elsewhere becomes the start page. */
export function nextPath(text: unknown): string {
  const here = "http://snapkeep.invalid";
  // Resolved as a browser would, which takes `//host`, `/\\host` and a tab in between for another site.
  if (typeof text !== "string" || !text.startsWith("/") || !URL.canParse(text, here)) return "/";
  const url = new URL(text, here);
  const path = `${url.pathname}${url.search}${url.hash}`;
  return url.origin === here && !path.startsWith("//") ? path : "/";
}
