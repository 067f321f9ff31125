import { formatBytes } from "./numbers.ts";
import { visible } from "./visible-text.ts";

// Our own forty lines: one bar, on stderr, out of the way of the output. The libraries for it are made for several
// bars and for what runs beside them, and each would be loaded at every start.

/** What a bar needs of stderr. */
export type ProgressStream = {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly write: (text: string) => unknown;
};

export type Progress = {
  /** Bytes of what is being read under this name; null as the total where nobody knows it, like from a pipe. */
  readonly add: (name: string, bytes: number, totalBytes: number | null) => void;
  /** Takes the bar off the screen. It comes back with the next bytes. */
  readonly hide: () => void;
};

/** What is over sooner needs no bar. */
const quietMs = 400;
const drawEveryMs = 100;
const barChars = 24;

/** Does nothing unless the stream is a terminal. */
export function createProgress(
  stream: ProgressStream,
  now: () => number = () => performance.now(),
): Progress {
  if (stream.isTTY !== true) return { add: () => undefined, hide: () => undefined };
  const read = new Map<string, number>();
  let nextDrawMs = now() + quietMs;
  let isShown = false;
  return {
    add: (name, bytes, totalBytes) => {
      const sum = (read.get(name) ?? 0) + bytes;
      read.set(name, sum);
      if (now() < nextDrawMs) return;
      nextDrawMs = now() + drawEveryMs;
      isShown = true;
      const line = toLine(name, sum, totalBytes).slice(0, Math.max(10, (stream.columns || 80) - 1));
      stream.write(`\r\u001b[2K${line}`);
    },
    hide: () => {
      if (isShown) stream.write("\r\u001b[2K");
      isShown = false;
    },
  };
}

function toLine(name: string, bytes: number, totalBytes: number | null): string {
  const label = visible(name).slice(-40);
  if (totalBytes === null || totalBytes === 0) return `${label}  ${formatBytes(bytes)}`;
  // An archive that has to be read twice begins its second hundred percent.
  const part = bytes > totalBytes ? (bytes % totalBytes) / totalBytes : bytes / totalBytes;
  const full = Math.floor(part * barChars);
  const bar = "█".repeat(full) + "░".repeat(barChars - full);
  return `${label}  ${bar} ${Math.floor(part * 100)} %  of ${formatBytes(totalBytes)}`;
}
