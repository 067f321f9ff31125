import { randomBytes } from "node:crypto";
import { isIP } from "node:net";
import {
  type AuthenticationResponseJSON,
  type AuthenticatorTransportFuture,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import type { Tx } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError, noSuch } from "#core/kernel/errors.ts";
import { createChallenges } from "./challenges.ts";
import type { PasskeySupport, PasskeyView } from "./contract.ts";
import type { AccessStore } from "./store.ts";

const passkeysMax = 20;
const askingPerson = { residentKey: "required", userVerification: "required" } as const;

export type Passkeys = ReturnType<typeof createPasskeys>;

/**
 * Passkeys are two factors in one, what somebody has and a PIN or finger, so no code is asked for after them.
 * They are bound to the host name of the base URL.
 */
export function createPasskeys(deps: { store: AccessStore; clock: Clock; baseUrl: string }) {
  const { store, clock } = deps;
  const { origin, hostname } = new URL(deps.baseUrl);
  const support = passkeySupport(deps.baseUrl);
  const challenges = createChallenges(clock);
  const expected = { expectedOrigin: origin, expectedRPID: hostname, requireUserVerification: true };

  function assertAvailable(): void {
    if (!support.available) throw new AppError({ code: "conflict", userMessage: support.reason ?? "" });
  }

  return {
    support,

    async list(userId: string): Promise<PasskeyView[]> {
      return (await store.listPasskeys(userId)).map((row) => ({
        id: row.id,
        name: row.name ?? "passkey",
        createdAt: row.createdAt?.toISOString() ?? null,
        synced: row.backedUp,
      }));
    },

    /** @returns what the browser's `startRegistration` takes. */
    async begin(userId: string, userName: string) {
      assertAvailable();
      const own = await store.listPasskeys(userId);
      if (own.length >= passkeysMax) {
        throw new AppError({
          code: "conflict",
          userMessage: `An account has at most ${passkeysMax} passkeys.`,
        });
      }
      const options = await generateRegistrationOptions({
        rpName: "Snapkeep",
        rpID: hostname,
        userName,
        userID: new TextEncoder().encode(userId),
        attestationType: "none",
        authenticatorSelection: askingPerson,
        excludeCredentials: own.map((row) => ({ id: row.credentialID, ...transportsOf(row.transports) })),
      });
      challenges.add(options.challenge, userId);
      return options;
    },

    /** @throws AppError `invalid_input` when the browser's answer doesn't fit what was asked. */
    async finish(userId: string, name: string, response: unknown, tx: Tx): Promise<PasskeyView> {
      assertAvailable();
      const answer = response as RegistrationResponseJSON;
      const checked = await verifyRegistrationResponse({
        ...expected,
        response: answer,
        expectedChallenge: (challenge) => challenges.take(challenge, userId),
      }).catch(() => null);
      const made = checked?.registrationInfo;
      if (checked?.verified !== true || made === undefined) throw notAccepted();
      if ((await store.findPasskey(made.credential.id)) !== null) {
        throw new AppError({ code: "conflict", userMessage: "This passkey is registered already." });
      }
      const row = await store.addPasskey(
        {
          id: randomBytes(12).toString("base64url"),
          name,
          userId,
          publicKey: Buffer.from(made.credential.publicKey).toString("base64"),
          credentialID: made.credential.id,
          counter: made.credential.counter,
          deviceType: made.credentialDeviceType,
          backedUp: made.credentialBackedUp,
          transports: made.credential.transports?.join(",") ?? null,
          createdAt: new Date(clock.nowMs()),
          aaguid: made.aaguid,
        },
        tx,
      );
      return { id: row.id, name, createdAt: row.createdAt?.toISOString() ?? null, synced: row.backedUp };
    },

    async rename(userId: string, id: string, name: string, tx: Tx): Promise<void> {
      if (!(await store.renamePasskey(userId, id, name, tx))) throw noSuch("passkey");
    },
    async remove(userId: string, id: string, tx: Tx): Promise<void> {
      if ((await store.removePasskeys(userId, id, tx)) === 0) throw noSuch("passkey");
    },

    /** Asks for no name: the browser offers the passkeys that it has for this host. */
    async beginSignIn() {
      assertAvailable();
      const options = await generateAuthenticationOptions({ rpID: hostname, userVerification: "required" });
      challenges.add(options.challenge, null);
      return options;
    },

    /** @returns whose passkey it is. @throws AppError `unauthenticated` with one text for every reason. */
    async finishSignIn(response: unknown): Promise<{ userId: string; passkey: string }> {
      assertAvailable();
      const answer = response as AuthenticationResponseJSON;
      const row = await store.findPasskey(String(answer.id));
      if (row === null) throw notAccepted("unauthenticated");
      const checked = await verifyAuthenticationResponse({
        ...expected,
        response: answer,
        expectedChallenge: (challenge) => challenges.take(challenge, null),
        credential: {
          id: row.credentialID,
          publicKey: new Uint8Array(Buffer.from(row.publicKey, "base64")),
          counter: row.counter,
          ...transportsOf(row.transports),
        },
      }).catch(() => null);
      if (checked?.verified !== true) throw notAccepted("unauthenticated");
      await store.setPasskeyCounter(row.id, checked.authenticationInfo.newCounter);
      return { userId: row.userId, passkey: row.name ?? "passkey" };
    },
  };
}

/** Browsers bind a passkey to a host name, and offer them on https alone, or on this machine. */
export function passkeySupport(baseUrl: string): PasskeySupport {
  const { hostname, protocol } = new URL(baseUrl);
  const bare = hostname.replace(/^\[|\]$/g, "");
  const reason =
    isIP(bare) !== 0
      ? `Passkeys need a host name, and Snapkeep is at ${bare}. Set SNAPKEEP_BASE_URL to an address with a name.`
      : protocol !== "https:" && hostname !== "localhost"
        ? "Passkeys need https. Set SNAPKEEP_BASE_URL to the https address."
        : null;
  return { available: reason === null, reason };
}

function transportsOf(text: string | null): { transports?: AuthenticatorTransportFuture[] } {
  return text === null || text === ""
    ? {}
    : { transports: text.split(",") as AuthenticatorTransportFuture[] };
}

function notAccepted(code: "invalid_input" | "unauthenticated" = "invalid_input"): AppError {
  return new AppError({ code, userMessage: "This passkey was not accepted. Try again." });
}
