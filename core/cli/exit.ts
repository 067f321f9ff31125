/**
 * What the command answers its caller with. `unproven` is of a restore alone: bytes were sent, and what the datacenter
 * holds was not shown to be the snapshot. The last two are what a shell reports for SIGINT and SIGPIPE.
 */
export const exitCodes = {
  fine: 0,
  found: 1,
  wrongUse: 2,
  unproven: 3,
  interrupted: 130,
  pipeClosed: 141,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The command was called wrongly: an unknown flag, no such file. The message is a sentence for whoever typed it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Whoever read the output wants no more of it, like `head` after ten lines. Nothing is wrong. */
export class PipeClosed extends Error {
  override readonly name = "PipeClosed";
}

/** The output can't be written for another reason: a full disk. */
export class OutputFailed extends Error {
  override readonly name = "OutputFailed";
}
