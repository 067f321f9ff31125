import { unknownText } from "./format.ts";

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** What a moment may be given as: ISO 8601 text, or milliseconds since 1970. */
export type Moment = string | number | null | undefined;

function toDate(at: Moment): Date | null {
  if (at === null || at === undefined || at === "") return null;
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? null : date;
}

const two = (value: number) => String(value).padStart(2, "0");

/** `02:32:04`, UTC. */
export function utcTime(at: Moment): string {
  const date = toDate(at);
  if (date === null) return unknownText;
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
}

/** `02:32`, UTC. */
export function utcMinute(at: Moment): string {
  const text = utcTime(at);
  return text === unknownText ? text : text.slice(0, 5);
}

/** `23 Jul`, with the year only when it isn't the year of `now`. */
export function utcDate(at: Moment, now: number): string {
  const date = toDate(at);
  if (date === null) return unknownText;
  const year = date.getUTCFullYear();
  const day = `${date.getUTCDate()} ${months[date.getUTCMonth()] ?? ""}`;
  return year === new Date(now).getUTCFullYear() ? day : `${day} ${year}`;
}

/** `Thu 23 Jul`, with the year only when it isn't the year of `now`. */
export function utcDay(at: Moment, now: number): string {
  const date = toDate(at);
  return date === null ? unknownText : `${weekdays[date.getUTCDay()] ?? ""} ${utcDate(at, now)}`;
}

/** `Today, Thu 23 Jul` for the day of `now`, else the day alone: the heading of a group of rows. */
export function utcDayHeading(at: Moment, now: number): string {
  const day = utcDay(at, now);
  return day !== unknownText && utcDayKey(at) === utcDayKey(now) ? `Today, ${day}` : day;
}

/** `Thu 23 Jul 02:32:04 UTC`, for titles and tooltips. */
export function utcTitle(at: Moment, now: number): string {
  return toDate(at) === null ? unknownText : `${utcDay(at, now)} ${utcTime(at)} UTC`;
}

/** The time alone when it is the day of `now`, else `22 Jul 23:32`. */
export function utcShort(at: Moment, now: number): string {
  if (toDate(at) === null) return unknownText;
  return utcDayKey(at) === utcDayKey(now) ? utcMinute(at) : `${utcDate(at, now)} ${utcMinute(at)}`;
}

/** `2026-07-23`: which UTC day a row belongs to. */
export function utcDayKey(at: Moment): string {
  return toDate(at)?.toISOString().slice(0, 10) ?? "";
}

/** The same moment on the reader's own clock. Browser only: the server's zone is nobody's. */
export function localTitle(at: Moment): string {
  const date = toDate(at);
  if (date === null) return "";
  return `Local: ${date.toLocaleString("en-GB", {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  })}`;
}

/** Milliseconds from `at` to `now`; null when there is no such moment. */
export function ageMs(at: Moment, now: number): number | null {
  const date = toDate(at);
  return date === null ? null : now - date.getTime();
}
