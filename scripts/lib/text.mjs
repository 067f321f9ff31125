export function lastLines(text, count) {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}

export function firstLines(text, count) {
  const lines = text.trim().split("\n");
  return lines.length <= count
    ? lines.join("\n")
    : [...lines.slice(0, count), `… ${lines.length - count} more lines`].join("\n");
}

/** Both ends of a long output: tools say what is wrong at the one or at the other. */
export function bothEnds(text, head, tail) {
  const lines = text.trim().split("\n");
  if (lines.length <= head + tail) return lines.join("\n");
  const left = lines.length - head - tail;
  return [...lines.slice(0, head), `… ${left} lines left out …`, ...lines.slice(-tail)].join("\n");
}
