import { randomInt } from "node:crypto";

/** Letters and digits that nobody mistakes for one another, read out or typed. */
const alphabet = "abcdefghjkmnpqrstvwxyz23456789";

/** Random text of a 30-letter alphabet: just under five bits a character. */
export function randomText(chars: number): string {
  return Array.from({ length: chars }, () => alphabet[randomInt(alphabet.length)]).join("");
}

/** A one-time password is good for this long; the account waits, the password doesn't. */
export const oneTimeLifeMs = 7 * 24 * 3_600_000;

/** 20 characters in groups of five, about 98 bits. */
export function newOneTimePassword(): string {
  return Array.from({ length: 4 }, () => randomText(5)).join("-");
}
