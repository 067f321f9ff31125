import type { Output } from "./output.ts";

/** Beyond this what is held goes out although it is not certain yet: memory stays flat. */
const heldCharsMax = 32 * 1024 * 1024;

export type HeldOutput = {
  readonly write: (text: string) => Promise<void> | undefined;
  /** Takes back what was not shown yet. False when something was: it stands, and must be called void. */
  readonly drop: () => boolean;
  /** What was held is true, and from now on everything is. */
  readonly release: () => Promise<void>;
};

/**
 * Holds back what was read from an archive until its last byte is verified, since what comes before a fault may be
 * wrong. Only a very long output begins earlier.
 */
export function createHeldOutput(out: Output, charsMax = heldCharsMax): HeldOutput {
  let held: string[] = [];
  let chars = 0;
  let isOpen = false;
  const release = async (): Promise<void> => {
    isOpen = true;
    const texts = held;
    held = [];
    for (const text of texts) await out.write(text);
  };
  return {
    write: (text) => {
      if (isOpen) return out.write(text);
      held.push(text);
      chars += text.length;
      return chars < charsMax ? undefined : release();
    },
    drop: () => {
      held = [];
      chars = 0;
      return !isOpen;
    },
    release,
  };
}
