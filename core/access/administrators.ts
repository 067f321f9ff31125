import { administersAll, parseGrants } from "./grants.ts";
import type { UserRow } from "./store.ts";

export type LocalSignIn = "all" | "break-glass";
type Candidate = Pick<UserRow, "id" | "grantsJson" | "breakGlass" | "disabledAt" | "accounts">;

export const isLocal = (user: Pick<UserRow, "accounts">): boolean =>
  user.accounts.some((account) => account.providerId === "credential");

/**
 * The administrators who can sign in without the identity provider. Where only break-glass accounts may sign in and
 * there is none, all local administrators may: nobody shall be locked out by a setting.
 */
export function fallbackAdministrators<User extends Candidate>(
  users: readonly User[],
  mode: LocalSignIn,
): User[] {
  const local = users.filter(
    (user) => user.disabledAt === null && isLocal(user) && administersAll(parseGrants(user.grantsJson)),
  );
  const breakGlass = local.filter((user) => user.breakGlass);
  return mode === "all" || breakGlass.length === 0 ? local : breakGlass;
}

/**
 * @param unproven whose one-time password nobody has used: it may never have arrived, and it ends after a week. While
 * there is nobody else, they count all the same.
 * @returns why a change is refused that leads from these people to those, or null. */
export function lockOut(
  before: readonly Candidate[],
  after: readonly Candidate[],
  mode: LocalSignIn,
  provider: string | null,
  unproven: ReadonlySet<string>,
): string | null {
  const isProven = ({ id }: Candidate) => !unproven.has(id);
  const takesAway = (counts: (one: Candidate) => boolean) =>
    fallbackAdministrators(before, mode).some(counts) && !fallbackAdministrators(after, mode).some(counts);
  if (!takesAway(isProven) && !takesAway(() => true)) return null;
  return provider === null
    ? "This is the last administrator for all clusters. Make another one first."
    : `This is the last administrator who can sign in without ${provider}. Make another one first.`;
}
