import type { Tx } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError } from "#core/kernel/errors.ts";
import type { Auth } from "./auth.ts";
import { newOneTimePassword, oneTimeLifeMs } from "./one-time-password.ts";
import { type AccessStore, personKeys } from "./store.ts";
import type { Throttle } from "./throttle.ts";

export type Passwords = ReturnType<typeof createPasswords>;

/** Local passwords: scrypt hashes of the sign-in library, and the ones that are good for one sign-in. */
export function createPasswords(deps: { auth: Auth; store: AccessStore; clock: Clock; throttle: Throttle }) {
  const { auth, store, clock, throttle } = deps;

  const isRight = async (userId: string, password: string, tx?: Tx): Promise<boolean> => {
    const { password: scrypt } = await auth.$context;
    const hash = await store.passwordHash(userId, tx);
    return hash !== null && (await scrypt.verify({ hash, password }));
  };

  async function set(userId: string, password: string, tx?: Tx): Promise<void> {
    const { password: scrypt } = await auth.$context;
    await store.setPasswordHash(userId, await scrypt.hash(password), tx);
  }

  async function assertOther(userId: string, password: string, tx?: Tx): Promise<void> {
    if (!(await isRight(userId, password, tx))) return;
    throw new AppError({
      code: "invalid_input",
      field: "newPassword",
      userMessage: "This is the password so far. Choose another one.",
    });
  }

  return {
    /**
     * For what somebody changes of their own account while signed in: an open screen must not be enough.
     * @throws AppError `invalid_input` when it is wrong, `conflict` for whoever has none here.
     */
    async assertCurrent(
      userId: string,
      password: string,
      address: string,
      field: string,
      tx: Tx,
    ): Promise<void> {
      if ((await store.passwordHash(userId, tx)) === null) {
        throw new AppError({
          code: "conflict",
          userMessage: "This account signs in with the identity provider, and has no password here.",
        });
      }
      const forgive = throttle.begin(`password ${userId}`, address, true);
      if (!(await isRight(userId, password, tx)))
        throw new AppError({
          code: "invalid_input",
          field,
          userMessage: "This is not the current password.",
        });
      forgive();
    },

    /** @throws AppError `invalid_input` when it is the same as before. */
    async change(userId: string, password: string, tx: Tx): Promise<void> {
      await assertOther(userId, password, tx);
      await set(userId, password, tx);
      await store.removeSetting(personKeys.oneTime(userId), tx);
    },

    /** A new password that must be changed at the first sign-in. @returns it, to be shown once. */
    async giveOneTime(userId: string, tx?: Tx): Promise<string> {
      const password = newOneTimePassword();
      await set(userId, password, tx);
      await store.writeSetting(personKeys.oneTime(userId), String(clock.nowMs()), tx);
      return password;
    },

    /** Whether the password is one that is good for one sign-in, however old. */
    isOneTime: async (userId: string): Promise<boolean> =>
      (await store.readSetting(personKeys.oneTime(userId))) !== null,

    /** @throws AppError `forbidden` when the one-time password is too old to be used. */
    async mustChange(userId: string): Promise<boolean> {
      const givenMs = await store.readSetting(personKeys.oneTime(userId));
      if (givenMs === null) return false;
      if (Number(givenMs) + oneTimeLifeMs > clock.nowMs()) return true;
      throw new AppError({
        code: "forbidden",
        userMessage: "This one-time password is older than 7 days. Ask for a new one.",
      });
    },

    /**
     * The first password of somebody's own, in the place of the one-time password.
     * @returns false when somebody else has used the one-time password meanwhile; it is good for one sign-in.
     */
    async choose(userId: string, password: string, tx: Tx): Promise<boolean> {
      if ((await store.removeSetting(personKeys.oneTime(userId), tx)).count === 0) return false;
      await assertOther(userId, password, tx);
      await set(userId, password, tx);
      return true;
    },
  };
}
