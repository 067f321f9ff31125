import type { Clock } from "#core/kernel/clock.ts";
import { noSuch } from "#core/kernel/errors.ts";
import type { Person } from "#core/kernel/operation.ts";
import type { AccountView, SessionView } from "./contract.ts";
import type { Passkeys } from "./passkeys.ts";
import { waysOf } from "./people.ts";
import type { SecondFactor } from "./second-factor.ts";
import type { AccessStore } from "./store.ts";

/** What somebody sees of their own account. */
export function createAccount(deps: {
  store: AccessStore;
  clock: Clock;
  secondFactor: SecondFactor;
  passkeys: Passkeys;
  provider: string | null;
}) {
  const { store, clock } = deps;
  return {
    async get(self: Person): Promise<AccountView> {
      const user = await store.findUser(self.userId);
      if (user === null) throw noSuch("person");
      return {
        id: user.id,
        name: self.name,
        role: self.role,
        grants: [...self.grants],
        grantsFrom: user.grantsFrom,
        breakGlass: user.breakGlass,
        signedInWith: self.signedInWith,
        ways: waysOf(user, deps.provider),
        recoveryCodesLeft: await deps.secondFactor.recoveryCodesLeft(user.id),
        passkeySupport: deps.passkeys.support,
      };
    },

    async sessions(self: Person): Promise<SessionView[]> {
      const rows = await store.listSessions(self.userId, new Date(clock.nowMs()));
      return rows.map((row) => ({
        id: row.id,
        startedAt: row.createdAt.toISOString(),
        lastSeenAt: row.updatedAt.toISOString(),
        expiresAt: row.expiresAt.toISOString(),
        address: row.ipAddress,
        userAgent: row.userAgent,
        signedInWith: row.signedInWith,
        current: row.id === self.sessionId,
      }));
    },
  };
}
