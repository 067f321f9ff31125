/** Lets one part of a pipeline wait for another. */
export type Flow = {
  /** Resolves when the condition holds; it is looked at now and after each `wake`. */
  readonly until: (condition: () => boolean) => Promise<void>;
  readonly wake: () => void;
};

export function createFlow(): Flow {
  let waiting: { readonly condition: () => boolean; readonly resolve: () => void }[] = [];
  return {
    until: (condition) =>
      condition() ? Promise.resolve() : new Promise((resolve) => waiting.push({ condition, resolve })),
    wake: () => {
      if (waiting.length === 0) {
        return;
      }
      const before = waiting;
      waiting = [];
      for (const each of before) {
        if (each.condition()) {
          each.resolve();
        } else {
          waiting.push(each);
        }
      }
    },
  };
}
