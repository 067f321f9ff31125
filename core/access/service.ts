import { createHash, randomBytes } from "node:crypto";
import type { Database } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError } from "#core/kernel/errors.ts";
import type { Person } from "#core/kernel/operation.ts";
import type { Grant } from "#core/kernel/permission.ts";
import type { SecretBox } from "#core/kernel/secret-box.ts";
import { createAccount } from "./account.ts";
import type { LocalSignIn } from "./administrators.ts";
import { createAuth } from "./auth.ts";
import { type SetupInput, type SignInOffer, strongestRole } from "./contract.ts";
import { everywhereAdministrator, parseGrants } from "./grants.ts";
import type { OidcSettings } from "./oidc-settings.ts";
import { createPasskeys } from "./passkeys.ts";
import { createPasswords } from "./passwords.ts";
import { createPeople } from "./people.ts";
import { createProviderSignIn } from "./provider-sign-in.ts";
import { forLibrary } from "./request-headers.ts";
import { createSecondFactor } from "./second-factor.ts";
import { createLocalSignIn, type SignedIn } from "./sign-in.ts";
import { createAccessStore } from "./store.ts";
import { createThrottle } from "./throttle.ts";
import { createTicketService } from "./tickets.ts";

const setupKey = "setup.tokenHash";
/** How exactly a session's row tells when it was used last: not every look shall be a write. */
const seenEveryMs = 5 * 60_000;

export type AccessDeps = {
  db: Database;
  clock: Clock;
  box: SecretBox;
  baseUrl: string;
  /** null: only local accounts. */
  oidc?: OidcSettings | null;
  localSignIn?: LocalSignIn;
  /** The id of the cluster with this name or id, for groups that hold a role in one; asked at every sign-in. */
  findCluster?: (nameOrId: string) => Promise<string | null>;
};
export type AccessService = ReturnType<typeof createAccessService>;

export function createAccessService(deps: AccessDeps) {
  const { db, clock, box, baseUrl, oidc = null, localSignIn: mode = "all" } = deps;
  const store = createAccessStore(db);
  const secret = box.sign("auth", "session cookies");
  const auth = createAuth({ db, secret, baseUrl, provider: null });
  const provider = oidc?.name ?? null;
  const throttle = createThrottle(clock);
  const label = `Snapkeep ${new URL(baseUrl).host}`.replaceAll(":", " ");
  const secondFactor = createSecondFactor({ auth, store, clock, label });
  const passkeys = createPasskeys({ store, clock, baseUrl });
  const passwords = createPasswords({ auth, store, clock, throttle });
  const people = createPeople({ auth, store, clock, passwords, secondFactor, mode, provider });

  /** @returns the person behind the session cookie, or null. Reads grants from the records each time. */
  async function authenticate(headers: Headers): Promise<Person | null> {
    const found = await auth.api.getSession({ headers: forLibrary(headers, "unknown", "session_token") });
    if (found === null || found.user.disabledAt != null) return null;
    const { user, session } = found;
    const now = new Date(clock.nowMs());
    if (now.getTime() - session.updatedAt.getTime() > seenEveryMs) await store.touchSession(session.id, now);
    const grants = parseGrants(user.grantsJson);
    return {
      kind: "person",
      userId: user.id,
      name: user.username ?? user.name,
      role: strongestRole(grants),
      grants,
      sessionId: session.id,
      signedInWith: session.signedInWith ?? "password",
    };
  }

  const local = createLocalSignIn({
    db,
    auth,
    store,
    clock,
    throttle,
    passwords,
    secondFactor,
    passkeys,
    mode,
    provider,
    authenticate,
  });
  const findCluster = deps.findCluster ?? (async () => null);
  const offer: SignInOffer = {
    provider,
    localSignIn: provider === null ? "all" : mode,
    passkeys: passkeys.support,
  };

  return {
    authenticate,
    /** What the sign-in page shows. */
    offer,
    signIn: local.withPassword,
    secondFactor: local.withCode,
    pendingSecondFactor: local.pending,
    beginPasskeySignIn: passkeys.beginSignIn,
    passkeySignIn: local.withPasskey,
    /** null without an identity provider. */
    provider:
      oidc === null
        ? null
        : createProviderSignIn({
            db,
            store,
            settings: oidc,
            secret,
            baseUrl,
            clock,
            findCluster,
            authenticate,
          }),
    people,
    /** What people do with their own account. */
    own: {
      account: createAccount({ store, clock, secondFactor, passkeys, provider }),
      secondFactor,
      passkeys,
      passwords,
      store,
    },
    tickets: createTicketService({ store, box, clock }),
    ...createSetup({
      db,
      store,
      throttle,
      people,
      breakGlass: mode === "break-glass",
      signIn: local.withPassword,
    }),

    /** The id of the account with this user name; the log names no name that nobody has, it may be a password. */
    knownAccount: async (username: string) => (await store.findUserByName(username))?.id ?? null,

    /** What somebody holds now; null when removed or disabled. For their API tokens. */
    async grantsOfPerson(userId: string): Promise<readonly Grant[] | null> {
      const user = await store.findUser(userId);
      return user === null || user.disabledAt !== null ? null : parseGrants(user.grantsJson);
    },

    async signOut(headers: Headers): Promise<string[]> {
      const result = await auth.api.signOut({
        headers: forLibrary(headers, "unknown", "session_token"),
        returnHeaders: true,
      });
      return result.headers.getSetCookie();
    },
  };
}

/** The first administrator, by the one-time token that Snapkeep prints. */
function createSetup(deps: {
  db: Database;
  store: ReturnType<typeof createAccessStore>;
  throttle: ReturnType<typeof createThrottle>;
  people: ReturnType<typeof createPeople>;
  breakGlass: boolean;
  signIn: ReturnType<typeof createLocalSignIn>["withPassword"];
}) {
  const { db, store, throttle, people, breakGlass } = deps;
  const hashOf = (token: string) => createHash("sha256").update(token).digest("hex");

  return {
    setupNeeded: async () => (await store.countUsers()) === 0,

    /** Makes a new one-time setup token when nobody can sign in yet. Only its hash is kept. */
    async prepareSetup(): Promise<string | null> {
      if ((await store.countUsers()) > 0) return null;
      const token = randomBytes(18).toString("base64url");
      await store.writeSetting(setupKey, hashOf(token));
      return token;
    },

    /** @throws AppError `unauthenticated` when the token is not the printed one or was used. */
    async createFirstAdmin(input: SetupInput, headers: Headers, address: string): Promise<SignedIn> {
      const forgive = throttle.begin("setup", address);
      const { username, password } = input;
      // In one transaction: a crash must not leave a used token and nobody who can sign in.
      await db.transaction(async (tx) => {
        const open = (await store.countUsers()) === 0;
        if (!open || !(await store.takeSetting(setupKey, hashOf(input.setupToken), tx))) {
          throw new AppError({
            code: "unauthenticated",
            field: "setupToken",
            userMessage: open
              ? "This is not the setup token. It stands in Snapkeep's output since the last start."
              : "Snapkeep is set up already. Sign in.",
          });
        }
        const person = {
          name: username,
          grants: [everywhereAdministrator],
          breakGlass,
          from: "setup",
          password,
        };
        await people.create(person, tx);
      });
      forgive();
      const answer = await deps.signIn({ username, password }, headers, address);
      if (answer.next !== "done") throw new Error("A new account owes nothing at its first sign-in.");
      return { caller: answer.caller, setCookies: answer.setCookies };
    },
  };
}
