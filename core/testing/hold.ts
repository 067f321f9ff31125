import type { ArchiveStore, ArchiveWriter } from "#core/storage/index.ts";

/** Steps of the archive store at which an act can be held: before it happens, or right after. */
export type HoldPoint = "commit:before" | "commit:after" | "remove:before" | "remove:after" | "open:before";

export type Hold = ReturnType<typeof createHold>;

/**
 * Holds acts at a step of the archive store, so that a test can look, act or kill at exactly that moment, or
 * fails their writes. It stands around the real store and changes nothing else.
 */
export function createHold() {
  const armed = new Map<HoldPoint, () => void>();
  let goOn: () => void = () => undefined;
  let waiting = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let failure: Error | null = null;

  async function pass(point: HoldPoint): Promise<void> {
    const arrive = armed.get(point);
    if (arrive === undefined) return;
    armed.delete(point);
    arrive();
    await waiting;
  }

  async function step(name: "commit" | "remove", work: () => Promise<void>): Promise<void> {
    await pass(`${name}:before`);
    await work();
    await pass(`${name}:after`);
  }

  return {
    /** The next act that comes to this point waits there, until `release`. @returns when it is there. */
    next(point: HoldPoint): { reached: Promise<void> } {
      const reached = new Promise<void>((resolve) => armed.set(point, resolve));
      return { reached };
    },
    /** From now on every write to the store fails with this. */
    fail(error: Error): void {
      failure = error;
    },
    /** Lets go of all that wait, and ends the failing. */
    release(): void {
      armed.clear();
      failure = null;
      goOn();
      waiting = new Promise((resolve) => {
        goOn = resolve;
      });
    },
    around: (store: ArchiveStore): ArchiveStore => ({
      ...store,
      create: async (id, part) => {
        const writer = await store.create(id, part);
        if (part === "contents") return writer;
        const held: ArchiveWriter = {
          ...writer,
          write: (chunk) => (failure === null ? writer.write(chunk) : Promise.reject(failure)),
          commit: () => step("commit", () => writer.commit()),
        };
        return held;
      },
      open: async (id, range, part) => {
        if (part !== "contents") await pass("open:before");
        return store.open(id, range, part);
      },
      remove: (id) => step("remove", () => store.remove(id)),
    }),
  };
}
