import { conflict } from "./errors.ts";

/** Says why something may not be changed or removed right now; null: it may. */
export type Holder = (id: string) => Promise<string | null>;

/** Lets upper layers hold what a lower one keeps, without the lower one knowing them. */
export function createHolders() {
  const holders: Holder[] = [];
  return {
    holdWhile: (holder: Holder): void => {
      holders.push(holder);
    },
    /** @throws AppError `conflict` with the reason of whoever holds it. */
    async assertFree(id: string): Promise<void> {
      for (const holder of holders) {
        const why = await holder(id);
        if (why !== null) throw conflict(why);
      }
    },
  };
}
