const browsers: readonly (readonly [mark: RegExp, name: string])[] = [
  // Edge and Opera call themselves Chrome, and Chrome calls itself Safari, so the order decides.
  [/\bEdgA?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bFirefox\/|\bFxiOS\//, "Firefox"],
  [/\bChrom(?:e|ium)\/|\bCriOS\//, "Chrome"],
  [/\bSafari\//, "Safari"],
  [/^curl\//, "curl"],
];

const systems: readonly (readonly [mark: RegExp, name: string])[] = [
  [/\biPhone\b|\biPad\b/, "iOS"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];

/** `Firefox on Linux`: enough to recognise one's own browser. What isn't known shows its own first word. */
export function agentWords(userAgent: string | null): string {
  if (userAgent === null || userAgent.trim() === "") return "unknown browser";
  const browser = browsers.find(([mark]) => mark.test(userAgent))?.[1];
  const system = systems.find(([mark]) => mark.test(userAgent))?.[1];
  const name = browser ?? userAgent.trim().split(/[\s/]/)[0]?.slice(0, 40) ?? "unknown browser";
  return system === undefined ? name : `${name} on ${system}`;
}
