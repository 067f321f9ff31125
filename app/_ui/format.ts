/** What stands where a value is not known. Zero is 0. */
export const unknownText = "—";
const minus = "−";
const byteUnits = ["B", "KB", "MB", "GB", "TB", "PB"] as const;

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** `1,284,113`, with a true minus sign below zero. */
export function formatNumber(value: number | null | undefined): string {
  if (value === null || value === undefined) return unknownText;
  const text = Math.abs(value).toLocaleString("en-US");
  return value < 0 ? minus + text : text;
}

/** `+1,909` or `−12`; `0` stays bare. */
export function formatChange(value: number | null | undefined): string {
  if (value === null || value === undefined) return unknownText;
  return value > 0 ? `+${formatNumber(value)}` : formatNumber(value);
}

/** The power of 1,000 in which a size is shown, after rounding: 999,960 B is 1.0 MB and not 1,000.0 KB. */
function byteStep(bytes: number, digits: number): number {
  let step = 0;
  let value = Math.abs(bytes);
  while (step < byteUnits.length - 1 && (step === 0 ? value : Number(value.toFixed(digits))) >= 1_000) {
    value /= 1_000;
    step += 1;
  }
  return step;
}

function inStep(bytes: number, step: number, digits: number): string {
  const value = Math.abs(bytes) / 1_000 ** step;
  const places = step === 0 ? 0 : digits;
  const text = value.toLocaleString("en-US", {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  });
  return `${text} ${byteUnits[step] ?? "B"}`;
}

/** `212.4 MB`: decimal units, one digit, whole bytes up to 999. `digits: 0` for headings ("198 GB"). */
export function formatBytes(bytes: number | null | undefined, options: { digits?: number } = {}): string {
  if (bytes === null || bytes === undefined) return unknownText;
  const digits = options.digits ?? 1;
  return (bytes < 0 ? minus : "") + inStep(bytes, byteStep(bytes, digits), digits);
}

/** `+0.3 MB`, `−0.1 MB`, `0.0 MB`. With `of`, in the unit that size is shown in, so that a column lines up. */
export function formatBytesChange(
  bytes: number | null | undefined,
  options: { of?: number | null } = {},
): string {
  if (bytes === null || bytes === undefined) return unknownText;
  const step = byteStep(options.of ?? bytes, 1);
  const text = inStep(bytes, step, 1);
  if (Number.parseFloat(text) === 0) return text;
  return (bytes < 0 ? minus : "+") + text;
}

/** `38.2 MB/s` */
export function formatRate(bytesPerSecond: number | null | undefined): string {
  return bytesPerSecond === null || bytesPerSecond === undefined
    ? unknownText
    : `${formatBytes(bytesPerSecond)}/s`;
}

const unitTable: readonly [ms: number, name: string][] = [
  [dayMs, "d"],
  [hourMs, "h"],
  [minuteMs, "min"],
  [secondMs, "s"],
];

function inUnits(ms: number, units: number): string {
  const first = unitTable.findIndex(([size]) => ms >= size);
  if (first === -1) return "0 s";
  let rest = ms;
  const parts: string[] = [];
  for (const [size, name] of unitTable.slice(first, first + units)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${name}`);
  }
  return parts.join(" ");
}

/** `84 ms`, `2.4 s`, `4 min 12 s`, `3 h 12 min`, `6 d 4 h`. */
export function formatDuration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return unknownText;
  if (ms < 0) return minus + formatDuration(-ms);
  if (ms < secondMs) return `${Math.round(ms)} ms`;
  const tenths = Math.floor(ms / 100) / 10;
  if (tenths < 10) return `${tenths} s`;
  return inUnits(ms, 2);
}

/** How long ago, rounded down: `42 min`, `3 h`, `6 d`. Two units for cards and verdicts: `1 h 52 min`. */
export function formatAge(ms: number | null | undefined, options: { units?: 1 | 2 } = {}): string {
  if (ms === null || ms === undefined) return unknownText;
  return inUnits(Math.max(0, ms), options.units ?? 1);
}

/** An objective in minutes: `1 h`, `24 h`, `1 h 30 min`; whole days from 48 h on: `7 d`. */
export function formatObjective(minutes: number): string {
  if (minutes >= 48 * 60 && minutes % (24 * 60) === 0) return `${minutes / (24 * 60)} d`;
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return [hours > 0 ? `${formatNumber(hours)} h` : "", rest > 0 || hours === 0 ? `${rest} min` : ""]
    .filter((part) => part !== "")
    .join(" ");
}

/** First and last four digits: `8c1f…e07a`. The copy button gives all. */
export function formatDigest(digest: string | null | undefined): string {
  if (digest === null || digest === undefined || digest === "") return unknownText;
  return digest.length <= 9 ? digest : `${digest.slice(0, 4)}…${digest.slice(-4)}`;
}

/** `1 snapshot`, `1,204 snapshots`. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

/** `3 of 4` as whole percent, 0 to 100; null when the whole isn't known. */
export function percentOf(done: number, whole: number | null | undefined): number | null {
  if (whole === null || whole === undefined || whole <= 0) return null;
  return Math.min(100, Math.max(0, Math.floor((done / whole) * 100)));
}
