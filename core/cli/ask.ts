import { createInterface } from "node:readline";
import type { CommandIo } from "./io.ts";

/** Whether there is somebody to ask. */
export const hasTerminal = (): boolean => process.stdin.isTTY === true;

/** Asks on stderr, and reads one line from the terminal. Ctrl-D is an empty answer. */
export async function askOnTerminal(io: CommandIo, question: string): Promise<string> {
  await io.errors.write(question);
  await io.errors.flush();
  const lines = createInterface({ input: process.stdin });
  try {
    for await (const line of lines) return line.trim();
    return "";
  } finally {
    lines.close();
  }
}
