import { z } from "zod";
import { type PreflightLine, type PreflightName, preflightLine } from "../contract.ts";

/** A line with what is kept of it and never shown. */
export const lookedLine = preflightLine.extend({
  /** Why it warns, in a word that stays while the numbers and names of its title move. Null: kept before there was one. */
  reason: z.string().nullable().default(null),
  /** How much of it: more is worse. Only to be compared under one name and reason. */
  extent: z.number().default(0),
});
export type LookedLine = z.output<typeof lookedLine>;

const unasked = { todo: "", accept: "", reason: null, extent: 0 };

export const pass = (name: PreflightName, title: string, detail = ""): LookedLine => ({
  ...unasked,
  name,
  result: "pass",
  title,
  detail,
});

/** @param words `accept` is what a person ticks, in the first person. */
export const warning = (
  name: PreflightName,
  title: string,
  words: { reason: string; extent?: number; detail: string; todo: string; accept: string },
): LookedLine => ({ extent: 0, name, result: "warning", title, ...words });

export const block = (
  name: PreflightName,
  title: string,
  words: { detail: string; todo: string },
): LookedLine => ({ ...unasked, name, result: "block", title, ...words });

/**
 * Whether a warning was ticked with what was seen before: under its name, for its reason, and no less of it. Titles are
 * not compared, since the numbers in them move while nothing that was agreed on does.
 */
export function isTicked(now: LookedLine, before: readonly LookedLine[]): boolean {
  return before.some(
    ({ name, result, title, reason, extent }) =>
      result === "warning" &&
      name === now.name &&
      (reason === null ? title === now.title : reason === now.reason && extent >= now.extent),
  );
}

const weight = { block: 0, warning: 1, pass: 2 } as const;

/** Blocks first, then warnings, then what passes; each in the order in which it was looked at. */
export function inOrder<Line extends PreflightLine>(lines: readonly Line[]): Line[] {
  return lines
    .map((line, at) => ({ line, at }))
    .sort((a, b) => weight[a.line.result] - weight[b.line.result] || a.at - b.at)
    .map(({ line }) => line);
}

export const count = (number: number): string => number.toLocaleString("en-US");

/** "1 session", "2,011 sessions". */
export const many = (number: number, one: string, more = `${one}s`): string =>
  `${count(number)} ${number === 1 ? one : more}`;

/** Two units at most: "3 h 12 min". */
export function duration(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d`;
}

/** Decimal, with one digit: "212.4 MB". */
export function size(bytes: number): string {
  const units = [
    [1e9, "GB"],
    [1e6, "MB"],
    [1e3, "KB"],
  ] as const;
  const unit = units.find(([from]) => bytes >= from);
  if (unit === undefined) return `${bytes} B`;
  return `${(bytes / unit[0]).toLocaleString("en-US", { maximumFractionDigits: 1 })} ${unit[1]}`;
}

/** `Thu 23 Jul 02:32 UTC`. */
export function moment(iso: string): string {
  const [, day = "", date = "", month = ""] = /^(\w+), 0?(\d+) (\w+)/.exec(new Date(iso).toUTCString()) ?? [];
  return `${day} ${date} ${month} ${iso.slice(11, 16)} UTC`;
}

/** "a, b and 3 more". */
export function someOf(names: readonly string[], shown = 3): string {
  const first = names.slice(0, shown).join(", ");
  return names.length > shown ? `${first} and ${count(names.length - shown)} more` : first;
}
