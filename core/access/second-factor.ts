import { createHash, randomBytes } from "node:crypto";
import { symmetricDecrypt, symmetricEncrypt } from "better-auth/crypto";
import { Secret, TOTP } from "otpauth";
import { encode } from "uqr";
import type { Tx } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError } from "#core/kernel/errors.ts";
import type { Auth } from "./auth.ts";
import type { TotpBegun } from "./contract.ts";
import { randomText } from "./one-time-password.ts";
import { type AccessStore, personKeys } from "./store.ts";

/** What authenticator apps take for granted. */
const form = { algorithm: "SHA1", digits: 6, period: 30 } as const;
const secretBytes = 20;
const recoveryCodeCount = 10;
/** The library's mark for a secret that is kept as base 32. */
const secretMark = "base32:";

export type SecondFactor = ReturnType<typeof createSecondFactor>;

/**
 * Setting up the authenticator app. The rows are in the sign-in library's own form, which asks for the code at
 * sign-in and counts what was wrong; of a recovery code it only ever sees the hash.
 */
export function createSecondFactor(deps: { auth: Auth; store: AccessStore; clock: Clock; label: string }) {
  const { auth, store, clock } = deps;
  const key = async () => (await auth.$context).secretConfig;
  const seal = async (data: string) => symmetricEncrypt({ key: await key(), data });
  const open = async (data: string) => symmetricDecrypt({ key: await key(), data });
  const totp = (secret: string, name = "") =>
    new TOTP({ ...form, issuer: deps.label, label: name, secret: Secret.fromBase32(secret) });

  /** @returns the time step that this code belongs to, now or half a minute to either side; null for none. */
  async function stepOf(sealedSecret: string, code: string): Promise<number | null> {
    const secret = (await open(sealedSecret)).slice(secretMark.length);
    const timestamp = clock.nowMs();
    const delta = totp(secret).validate({ token: code, timestamp, window: 1 });
    return delta === null ? null : TOTP.counter({ period: form.period, timestamp }) + delta;
  }

  /** Of two that use the same code, or an older one, one gets true. Needs an open transaction. */
  async function takeStep(userId: string, step: number, tx: Tx): Promise<boolean> {
    const last = Number((await store.readSetting(personKeys.totpStep(userId), tx)) ?? -1);
    if (step <= last) return false;
    await store.writeSetting(personKeys.totpStep(userId), String(step), tx);
    return true;
  }

  async function newCodes(): Promise<{ shown: string[]; sealed: string }> {
    const shown = Array.from({ length: recoveryCodeCount }, () => `${randomText(5)}-${randomText(5)}`);
    return { shown, sealed: await seal(JSON.stringify(shown.map(hashOfRecoveryCode))) };
  }

  async function enabled(userId: string, tx?: Tx) {
    const row = await store.findTwoFactor(userId, tx);
    return row === null || row.verified === false ? null : row;
  }

  return {
    stepOf,
    takeStep,
    enabled,

    async recoveryCodesLeft(userId: string): Promise<number> {
      const row = await enabled(userId);
      if (row === null) return 0;
      const codes: unknown = JSON.parse(await open(row.backupCodes));
      return Array.isArray(codes) ? codes.length : 0;
    },

    /** @throws AppError `conflict` when one is set up already: it has to be switched off first. */
    async begin(userId: string, name: string, tx: Tx): Promise<TotpBegun> {
      if ((await enabled(userId, tx)) !== null) {
        throw new AppError({ code: "conflict", userMessage: "An authenticator app is set up already." });
      }
      const secret = new Secret({ buffer: new Uint8Array(randomBytes(secretBytes)).buffer }).base32;
      const sealed = await seal(`${secretMark}${secret}`);
      const row = { id: randomText(24), userId, secret: sealed, backupCodes: await seal("[]") };
      await store.putTwoFactor(row, tx);
      const uri = totp(secret, name).toString();
      return { secret, uri, qr: toPath(uri) };
    },

    /** @returns the recovery codes, shown once. @throws AppError `invalid_input` for a wrong code. */
    async confirm(userId: string, code: string, tx: Tx): Promise<string[]> {
      const row = await store.findTwoFactor(userId, tx);
      if (row === null || row.verified !== false) {
        throw new AppError({ code: "conflict", userMessage: "Begin with the authenticator app again." });
      }
      const step = await stepOf(row.secret, code);
      if (step === null || !(await takeStep(userId, step, tx))) throw wrongCode();
      const codes = await newCodes();
      await store.confirmTwoFactor(userId, codes.sealed, tx);
      await store.changeUser(userId, { twoFactorEnabled: true }, tx);
      return codes.shown;
    },

    async newRecoveryCodes(userId: string, tx: Tx): Promise<string[]> {
      if ((await enabled(userId, tx)) === null) {
        throw new AppError({ code: "conflict", userMessage: "There is no authenticator app to recover." });
      }
      const codes = await newCodes();
      await store.confirmTwoFactor(userId, codes.sealed, tx);
      return codes.shown;
    },

    async remove(userId: string, tx: Tx): Promise<void> {
      await store.removeTwoFactor(userId, tx);
      await store.changeUser(userId, { twoFactorEnabled: false }, tx);
    },
  };
}

export function wrongCode(): AppError {
  return new AppError({
    code: "invalid_input",
    field: "code",
    userMessage: "This code is wrong or was used before. Each code works once.",
  });
}

/** However it was typed: with capitals, spaces, without the dash. */
export function hashOfRecoveryCode(text: string): string {
  const bare = text.toLowerCase().replace(/[^a-z0-9]/g, "");
  return createHash("sha256").update(`recovery code ${bare}`).digest("hex");
}

/** The dark squares as one path, a square of it per run in a row. */
function toPath(text: string): TotpBegun["qr"] {
  const { data, size } = encode(text, { ecc: "M", border: 4 });
  const runs = data.flatMap((row, y) =>
    row.flatMap((dark, x) => {
      if (!dark || row[x - 1] === true) return [];
      const end = row.indexOf(false, x);
      return [`M${x} ${y}h${(end < 0 ? size : end) - x}v1H${x}z`];
    }),
  );
  return { size, path: runs.join("") };
}
