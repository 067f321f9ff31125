import type { Tx } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError, noSuch } from "#core/kernel/errors.ts";
import type { Grant } from "#core/kernel/permission.ts";
import { isLocal, type LocalSignIn, lockOut } from "./administrators.ts";
import { type Auth, providerId } from "./auth.ts";
import { type PersonView, strongestRole } from "./contract.ts";
import { parseGrants, toGrantsJson } from "./grants.ts";
import type { Passwords } from "./passwords.ts";
import type { SecondFactor } from "./second-factor.ts";
import { type AccessStore, personKeys, type UserRow } from "./store.ts";

/** The sign-in library needs an address per account; `.invalid` can never receive mail. */
const mailDomain = "snapkeep.invalid";

/** What of a person stands in the audit log when it changes. */
export type PersonRecord = { name: string; grants: Grant[]; breakGlass: boolean; disabled: boolean };
type Changed = { before: PersonRecord; after: PersonRecord | null };

/** The accounts: who there is, what they hold, and the ways back in that an administrator can give. */
export function createPeople(deps: {
  auth: Auth;
  store: AccessStore;
  clock: Clock;
  passwords: Passwords;
  secondFactor: SecondFactor;
  mode: LocalSignIn;
  provider: string | null;
}) {
  const { auth, store, clock, passwords, secondFactor } = deps;
  const now = () => new Date(clock.nowMs());

  async function get(id: string, tx?: Tx): Promise<UserRow> {
    const user = await store.findUser(id, tx);
    if (user === null) throw noSuch("person");
    return user;
  }

  /** Runs a change, unless after it nobody could manage Snapkeep when the identity provider is down. */
  async function guarded(id: string, tx: Tx, after: Partial<UserRow> | null, work: () => Promise<unknown>) {
    const all = await store.listUsers(tx);
    const before = await get(id, tx);
    const changed = all.flatMap((user) =>
      user.id !== id ? [user] : after === null ? [] : [{ ...user, ...after }],
    );
    const words = lockOut(all, changed, deps.mode, deps.provider, await unproven(tx));
    if (words !== null) throw new AppError({ code: "conflict", userMessage: words });
    await work();
    return { before: toRecord(before), after: after === null ? null : toRecord({ ...before, ...after }) };
  }

  /** Who has a one-time password that was never used. */
  async function unproven(tx?: Tx): Promise<Set<string>> {
    const prefix = personKeys.oneTime("");
    return new Set((await store.settingsThatBegin(prefix, tx)).map(({ key }) => key.slice(prefix.length)));
  }

  async function localOnly(id: string, tx: Tx, words: string): Promise<UserRow> {
    const user = await get(id, tx);
    if (isLocal(user)) return user;
    throw new AppError({ code: "conflict", userMessage: words });
  }
  const atProvider = () => deps.provider ?? "the identity provider";

  return {
    get,
    nameOf: async (id: string) => shownName(await get(id)),

    async list(callerId: string | null): Promise<PersonView[]> {
      const users = await store.listUsers();
      const counts = await store.countsByUser(now());
      const waiting = await unproven();
      return users.map((user) => ({
        ...toPersonView(user, deps.provider),
        mustChangePassword: waiting.has(user.id),
        sessions: counts.sessions.get(user.id) ?? 0,
        tokens: counts.tokens.get(user.id) ?? 0,
        you: user.id === callerId,
        keptBecause: lockOut(
          users,
          users.filter((other) => other !== user),
          deps.mode,
          deps.provider,
          waiting,
        ),
      }));
    },

    /** @param password null: a one-time password, which is returned. @throws AppError `conflict` for a taken name. */
    async create(
      person: {
        name: string;
        grants: readonly Grant[];
        breakGlass: boolean;
        from: string;
        password: string | null;
      },
      tx: Tx,
    ): Promise<{ id: string; password: string | null; record: PersonRecord }> {
      const { name } = person;
      if ((await store.findUserByName(name, tx)) !== null) {
        throw new AppError({
          code: "conflict",
          field: "name",
          userMessage: `There is a person named ${name} already.`,
        });
      }
      const { internalAdapter, password: scrypt } = await auth.$context;
      const user = await internalAdapter.createUser(
        { name, email: `${name}@${mailDomain}`, emailVerified: false, username: name, displayUsername: name },
        { method: "email-password" },
      );
      const password = person.password === null ? null : await scrypt.hash(person.password);
      await internalAdapter.linkAccount({
        userId: user.id,
        providerId: "credential",
        accountId: user.id,
        ...(password === null ? {} : { password }),
      });
      await store.setGrants(user.id, toGrantsJson(person.grants), person.from, tx);
      await store.changeUser(user.id, { breakGlass: person.breakGlass }, tx);
      const given = person.password === null ? await passwords.giveOneTime(user.id, tx) : null;
      return { id: user.id, password: given, record: toRecord(await get(user.id, tx)) };
    },

    async setGrants(id: string, grants: readonly Grant[], from: string, tx: Tx): Promise<Changed> {
      await localOnly(
        id,
        tx,
        `Their roles come from ${atProvider()}, at every sign-in. Change their groups there.`,
      );
      const grantsJson = toGrantsJson(grants);
      return guarded(id, tx, { grantsJson, grantsFrom: from }, () =>
        store.setGrants(id, grantsJson, from, tx),
      );
    },

    /** Ends their sessions, too. */
    disable: (id: string, tx: Tx): Promise<Changed> =>
      guarded(id, tx, { disabledAt: now() }, async () => {
        await store.changeUser(id, { disabledAt: now() }, tx);
        await store.endSessions(id, null, tx);
      }),
    enable: (id: string, tx: Tx): Promise<Changed> =>
      guarded(id, tx, { disabledAt: null }, () => store.changeUser(id, { disabledAt: null }, tx)),
    remove: (id: string, tx: Tx): Promise<Changed> =>
      guarded(id, tx, null, () => store.removeUser(id, now(), tx)),

    async setBreakGlass(id: string, breakGlass: boolean, tx: Tx): Promise<Changed> {
      await localOnly(id, tx, `They sign in at ${atProvider()}, so they can't when it is down.`);
      return guarded(id, tx, { breakGlass }, () => store.changeUser(id, { breakGlass }, tx));
    },

    /** A one-time password; whoever is signed in as them is not any more. */
    async resetPassword(id: string, tx: Tx): Promise<{ name: string; password: string }> {
      const user = await localOnly(id, tx, `They sign in at ${atProvider()}, and have no password here.`);
      const password = await passwords.giveOneTime(id, tx);
      await store.endSessions(id, null, tx);
      return { name: shownName(user), password };
    },

    /** Takes away the authenticator app and all passkeys, for whoever lost theirs. */
    async resetSecondFactor(id: string, tx: Tx): Promise<void> {
      await get(id, tx);
      await secondFactor.remove(id, tx);
      await store.removePasskeys(id, null, tx);
      await store.endSessions(id, null, tx);
    },

    async endSessions(id: string, tx: Tx): Promise<number> {
      await get(id, tx);
      return store.endSessions(id, null, tx);
    },
  };
}

export const shownName = (user: Pick<UserRow, "username" | "name">): string => user.username ?? user.name;

export function toRecord(user: UserRow): PersonRecord {
  return {
    name: shownName(user),
    grants: parseGrants(user.grantsJson),
    breakGlass: user.breakGlass,
    disabled: user.disabledAt !== null,
  };
}

export function waysOf(user: UserRow, provider: string | null): PersonView["ways"] {
  const foreign = user.accounts.some((account) => account.providerId === providerId);
  return {
    password: isLocal(user),
    code: user.twoFactorEnabled,
    passkeys: user._count.passkeys,
    provider: foreign ? (provider ?? "identity provider") : null,
  };
}

function toPersonView(user: UserRow, provider: string | null) {
  const grants = parseGrants(user.grantsJson);
  return {
    id: user.id,
    name: shownName(user),
    grants,
    grantsFrom: user.grantsFrom,
    role: strongestRole(grants),
    breakGlass: user.breakGlass,
    disabledAt: user.disabledAt?.toISOString() ?? null,
    lastSignInAt: user.lastSignInAt?.toISOString() ?? null,
    createdAt: user.createdAt.toISOString(),
    ways: waysOf(user, provider),
  };
}
