/** The middle one, or the mean of the two in the middle. */
export function median(numbers) {
  if (numbers.length === 0) return Number.NaN;
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** "3.21 s", or "3.21 s (3.10-3.90)" of several. */
export function formatSeconds(allMs) {
  const seconds = allMs.map((ms) => ms / 1_000);
  const range = `${Math.min(...seconds).toFixed(2)}-${Math.max(...seconds).toFixed(2)}`;
  return `${median(seconds).toFixed(2)} s${seconds.length > 1 ? ` (${range})` : ""}`;
}

/**
 * Each run of ours against the rival's run beside it, since what else the machine does changes from minute to
 * minute: the median of these ratios is the figure, their range says how sure it is.
 */
export function compare(ours, rival) {
  const ratios = ours.map((value, run) => value / rival[run]);
  return { ratio: median(ratios), low: Math.min(...ratios), high: Math.max(...ratios) };
}

/** A figure's line: what it is, both sides, the ratio of times and its target. */
export function toFigure({ name, ours, against, rival, target, note = "" }) {
  const { ratio, low, high } = compare(ours, rival);
  return {
    name,
    cells: [
      name,
      formatSeconds(ours),
      `${against} ${formatSeconds(rival)}`,
      `${ratio.toFixed(2)} (${low.toFixed(2)}-${high.toFixed(2)})`,
      `≤ ${target.toFixed(2)}`,
      ratio <= target ? "pass" : "miss",
    ],
    isMet: ratio <= target,
    note,
  };
}

/** Lines of a table in Markdown, which also reads well on a terminal. */
export function toTable(head, rows) {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
  return [line(head), `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...rows.map(line)];
}
