const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;

export const cronPresets = {
  daily: { label: "Daily 04:00", cron: "0 4 * * *" },
  weekly: { label: "Weekly, Monday 04:00", cron: "0 4 * * 1" },
} as const;
export type CronPreset = keyof typeof cronPresets | "own";

/** The preset that a schedule is, however its blanks are typed. */
export function presetOf(cron: string): CronPreset {
  const fields = fieldsOf(cron).join(" ");
  if (fields === cronPresets.daily.cron) return "daily";
  return fields === cronPresets.weekly.cron ? "weekly" : "own";
}

/**
 * The usual schedules in words: `every day at 04:00`. Empty for what is told best by its five fields; the server
 * says when it comes next.
 */
export function cronWords(cron: string): string {
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = fieldsOf(cron);
  if (month !== "*" || fieldsOf(cron).length !== 5) return "";
  const at = numberIn(minute, 59);
  if (at === null) return "";
  if (hour === "*") return day === "*" && weekday === "*" ? `every hour at minute ${at}` : "";
  const hours = numberIn(hour, 23);
  if (hours === null) return "";
  const time = `${String(hours).padStart(2, "0")}:${String(at).padStart(2, "0")}`;
  if (day === "*" && weekday === "*") return `every day at ${time}`;
  if (day === "*") return weekdayWords(weekday, time);
  const date = weekday === "*" ? numberIn(day, 31) : null;
  return date === null || date === 0 ? "" : `every month on day ${date} at ${time}`;
}

/** Sunday is 0 and 7. */
function weekdayWords(weekday: string, time: string): string {
  const numbers = weekday.split(",").map((one) => numberIn(one, 7));
  const names = numbers.map((one) => (one === null ? undefined : days[one % 7]));
  if (names.some((name) => name === undefined)) return "";
  return `every ${[...new Set(names)].join(", ")} at ${time}`;
}

const fieldsOf = (cron: string): string[] => cron.trim().split(/\s+/);

function numberIn(text: string, max: number): number | null {
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value <= max ? value : null;
}
