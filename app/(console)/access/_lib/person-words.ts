import type { PersonView } from "#core/access/contract.ts";

/** What somebody proves who they are with: `password`, `Okta`, `password, 2 passkeys`. */
export function waysWords({ password, passkeys, provider }: PersonView["ways"]): string {
  const ways = [
    ...(provider === null ? [] : [provider]),
    ...(password ? ["password"] : []),
    ...(passkeys === 0 ? [] : [passkeys === 1 ? "passkey" : `${passkeys} passkeys`]),
  ];
  return ways.length === 0 ? "nothing" : ways.join(", ");
}

/** What is asked for besides the password; null when nothing is. */
export function secondFactorWords({ code, passkeys, password, provider }: PersonView["ways"]): string | null {
  if (code) return "authenticator app";
  if (provider !== null) return `asked by ${provider}`;
  return passkeys > 0 && !password ? "passkey" : null;
}

/** Somebody who may do everything with nothing but a password between them and a stranger. */
export function isWeaklyGuarded(person: PersonView): boolean {
  return person.role === "administrator" && secondFactorWords(person.ways) === null;
}

/** Why an act on a person is off; null where it is on. The server refuses the same. */
export function refusals(person: PersonView) {
  const { provider } = person.ways;
  const atProvider = provider === null ? null : `Their account is at ${provider}`;
  const disabled = person.disabledAt !== null;
  return {
    roles: provider === null ? null : `Roles come from their groups at ${provider}`,
    password: person.ways.password ? null : (atProvider ?? "There is no password"),
    secondFactor: person.ways.code || person.ways.passkeys > 0 ? null : "No second factor to reset",
    sessions: person.sessions > 0 ? null : "No session to end",
    breakGlass: provider === null ? null : `They sign in at ${provider}, so they can't when it is down`,
    disable: disabled ? null : person.keptBecause,
    remove: person.keptBecause,
  };
}
