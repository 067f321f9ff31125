import type { Output } from "./output.ts";
import type { Progress } from "./progress.ts";

/** What a command has of the process it runs in. */
export type CommandIo = {
  readonly out: Output;
  readonly errors: Output;
  readonly progress: Progress;
};

/** A sentence on stderr. What was written before it shows first. */
export async function complain(io: CommandIo, sentence: string): Promise<void> {
  // Where the output itself is what failed, there is still this to say.
  await io.out.flush().catch(() => undefined);
  await io.errors.write(`snapkeep: ${sentence}\n`);
  await io.errors.flush();
}
