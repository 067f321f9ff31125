import type { ArchiveStore, ArchiveWriter } from "#core/storage/index.ts";

/** Steps of the archive store at which an act can be held: before it happens, or right after. */
export type HoldPoint = "commit:before" | "commit:after" | "remove:before" | "remove:after";

export type Hold = ReturnType<typeof createHold>;

/**
 * Holds an act at one step of the archive store, so that a test can look, act or kill at exactly that
 * moment, or fails its writes. It stands around the real store and changes nothing else.
 */
export function createHold(onReached: (point: HoldPoint) => void = () => undefined) {
  let wanted: HoldPoint | null = null;
  let goOn: () => void = () => undefined;
  let waiting: Promise<void> = Promise.resolve();
  let arrived: () => void = () => undefined;
  let arrival: Promise<void> = Promise.resolve();
  let failure: Error | null = null;

  async function pass(point: HoldPoint): Promise<void> {
    if (wanted !== point) return;
    arrived();
    onReached(point);
    await waiting;
  }

  async function step(name: "commit" | "remove", work: () => Promise<void>): Promise<void> {
    await pass(`${name}:before`);
    await work();
    await pass(`${name}:after`);
  }

  return {
    /** From now on, whatever comes to this point waits there. */
    at(point: HoldPoint): void {
      wanted = point;
      waiting = new Promise((resolve) => {
        goOn = resolve;
      });
      arrival = new Promise((resolve) => {
        arrived = resolve;
      });
    },
    /** Resolves once something waits at the point that {@link at} named. */
    reached: (point: HoldPoint): Promise<void> =>
      point === wanted ? arrival : Promise.reject(new Error(`Nothing is to be held at ${point}.`)),
    /** From now on every write to the store fails with this. */
    fail(error: Error): void {
      failure = error;
    },
    release(): void {
      wanted = null;
      failure = null;
      goOn();
    },
    around: (store: ArchiveStore): ArchiveStore => ({
      ...store,
      create: async (id) => {
        const writer = await store.create(id);
        const held: ArchiveWriter = {
          ...writer,
          write: (chunk) => (failure === null ? writer.write(chunk) : Promise.reject(failure)),
          commit: () => step("commit", () => writer.commit()),
        };
        return held;
      },
      remove: (id) => step("remove", () => store.remove(id)),
    }),
  };
}
