import { formatCount } from "#app/_ui/format.ts";
import type { PersonView } from "#core/access/contract.ts";

/** What can be done to a person besides giving other roles. */
export type PersonAct =
  | "password"
  | "secondFactor"
  | "sessions"
  | "breakGlassOn"
  | "breakGlassOff"
  | "disable"
  | "enable"
  | "remove";

export type ActWords = {
  title: string;
  /** What is lost first, then what stays. */
  lines: readonly string[];
  confirm: string;
  danger: boolean;
  failed: string;
};

const sessionsEnd = ({ sessions }: PersonView): string =>
  sessions === 0
    ? ""
    : ` ${sessions === 1 ? "Their session ends" : `Their ${sessions} sessions end`} at once.`;

const passkeyWords = ({ ways }: PersonView): string =>
  ways.passkeys === 0 ? "" : formatCount(ways.passkeys, "passkey");

/** What a second factor consists of here: `the authenticator app with its recovery codes, and 2 passkeys`. */
function secondFactor(person: PersonView): string {
  const app = person.ways.code ? "the authenticator app with its recovery codes" : "";
  return [app, passkeyWords(person)].filter((part) => part !== "").join(", and ");
}

function tokensStop({ tokens }: PersonView, how: string): string {
  if (tokens === 0) return "";
  return ` ${tokens === 1 ? "Their API token" : `Their ${tokens} API tokens`} ${how}.`;
}

/** The words of a dialog before an act: what happens, and what doesn't. */
export function actWords(act: PersonAct, person: PersonView): ActWords {
  const { name } = person;
  switch (act) {
    case "password":
      return {
        title: `Reset the password of ${name}`,
        lines: [
          `Their password stops working.${sessionsEnd(person)}`,
          "They get one that works once, and choose their own with it. It is shown here, for you to pass on.",
        ],
        confirm: "Reset password",
        danger: true,
        failed: "The password was not reset.",
      };
    case "secondFactor":
      return {
        title: `Reset the second factor of ${name}`,
        lines: [
          `Takes away ${secondFactor(person)}.${sessionsEnd(person)}`,
          "From then on the password alone signs them in, until they set one up again. Make sure that it is them who ask.",
        ],
        confirm: "Reset second factor",
        danger: true,
        failed: "The second factor was not reset.",
      };
    case "sessions":
      return {
        title: `End the sessions of ${name}`,
        lines: [
          `Signs them out in ${formatCount(person.sessions, "browser")}. They can sign in again, and their API tokens go on.`,
        ],
        confirm: person.sessions === 1 ? "End session" : `End ${person.sessions} sessions`,
        danger: true,
        failed: "The sessions were not ended.",
      };
    case "breakGlassOn":
      return {
        title: `Make ${name} a break-glass account`,
        lines: [
          "They may sign in with their password also where local sign-in is kept for break-glass accounts, and while the identity provider is down.",
          "Keep such a password sealed, and look into the audit log when it was used.",
        ],
        confirm: "Make break-glass account",
        danger: false,
        failed: "Nothing was changed.",
      };
    case "breakGlassOff":
      return {
        title: `${name} is no break-glass account any more`,
        lines: [
          "Where local sign-in is kept for break-glass accounts, they can't sign in any more.",
          "Their roles stay as they are.",
        ],
        confirm: "End break-glass",
        danger: false,
        failed: "Nothing was changed.",
      };
    case "disable":
      return {
        title: `Disable ${name}`,
        lines: [
          `They can't sign in any more.${sessionsEnd(person)}${tokensStop(person, "are refused")}`,
          "Nothing is removed: once enabled again, everything is as it was.",
        ],
        confirm: `Disable ${name}`,
        danger: true,
        failed: "Not disabled.",
      };
    case "enable":
      return {
        title: `Enable ${name}`,
        lines: [
          `They can sign in again, with the roles they had.${tokensStop(person, "work again, as far as they are not expired")}`,
        ],
        confirm: `Enable ${name}`,
        danger: false,
        failed: "Not enabled.",
      };
    case "remove":
      return {
        title: `Remove ${name}`,
        lines: [
          `The account goes, with its password and second factor.${sessionsEnd(person)}${tokensStop(person, "are revoked")}`,
          "Their snapshots stay, and the audit log keeps their name.",
        ],
        confirm: `Remove ${name}`,
        danger: true,
        failed: "Not removed.",
      };
    default:
      return act satisfies never;
  }
}
