/** Something in the way that a person can remove: the message is the whole of what to print, no stack. */
export class Trouble extends Error {}

/** Runs a command's work and ends the process well: a sentence for what was foreseen, a stack for the rest. */
export async function runMain(work) {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof Trouble ? `\n${error.message}` : error);
    process.exit(1);
  }
}
