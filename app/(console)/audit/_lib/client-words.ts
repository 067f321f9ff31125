import type { AuditEntry } from "#core/audit/contract.ts";

// The order counts: Edge and Opera also call themselves Chrome, and Chrome also calls itself Safari.
const browsers: readonly [pattern: RegExp, name: string][] = [
  [/\bEdg(?:e|A|iOS)?\/(\d+)/, "Edge"],
  [/\bOPR\/(\d+)/, "Opera"],
  [/\b(?:Firefox|FxiOS)\/(\d+)/, "Firefox"],
  [/\b(?:HeadlessChrome|Chrome|CriOS)\/(\d+)/, "Chrome"],
  [/\bVersion\/(\d+)[\d.]* (?:Mobile\/\S+ )?Safari\//, "Safari"],
];
const systems: readonly [pattern: RegExp, name: string][] = [
  [/\bWindows\b/, "Windows"],
  [/\b(?:iPhone|iPad)\b/, "iOS"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bAndroid\b/, "Android"],
  [/\bLinux\b/, "Linux"],
];
const doors: Record<string, string> = {
  action: "web",
  route: "API",
  stream: "transfer",
  cli: "command line",
  system: "Snapkeep itself",
};
const charsMax = 60;

/** `web, Firefox 141 on Linux`, `API, curl 8.5.0`, `command line`: which way an act came in, and by what. */
export function clientWords({ door, userAgent }: Pick<AuditEntry, "door" | "userAgent">): string {
  const way = doors[door] ?? door;
  if (userAgent === null || userAgent.trim() === "") return way;
  const browser = browserWords(userAgent);
  // Pages ask over the same routes as programs do.
  if (browser !== null) return `${door === "route" ? "web" : way}, ${browser}`;
  const program = /^([\w.-]+)\/v?(\d[\w.-]*)/.exec(userAgent);
  return `${way}, ${program === null ? userAgent.slice(0, charsMax) : `${program[1]} ${program[2]}`}`;
}

function browserWords(userAgent: string): string | null {
  for (const [pattern, name] of browsers) {
    const version = pattern.exec(userAgent)?.[1];
    if (version === undefined) continue;
    const system = systems.find(([known]) => known.test(userAgent))?.[1];
    return system === undefined ? `${name} ${version}` : `${name} ${version} on ${system}`;
  }
  return null;
}
