import type { ServerResponse } from "node:http";
import type { HoldExchange } from "./fault-types.ts";

/** Exchanges that stand still until a test lets them go on. */
export interface Held {
  /** Resolves when the first exchange stands there. */
  readonly reached: Promise<void>;
  /** Lets go of those that stand, and of those that still come. */
  release(): void;
}

export function createHolds() {
  const releases = new Set<() => void>();
  return {
    next(at: HoldExchange["at"]): { fault: HoldExchange; held: Held } {
      const gate = createGate();
      const arrival = createGate();
      releases.add(gate.open);
      const fault: HoldExchange = { kind: "hold", at, onHeld: arrival.open, until: gate.opened };
      return { fault, held: { reached: arrival.opened, release: gate.open } };
    },
    releaseAll(): void {
      for (const release of releases) release();
      releases.clear();
    },
  };
}

/** Waits for the release. A client that goes away ends the wait as well, or its exchange would never be over. */
export async function standStill(hold: HoldExchange, response: ServerResponse): Promise<void> {
  hold.onHeld();
  if (response.destroyed) return;
  const gone = new Promise<void>((resolve) => response.once("close", () => resolve()));
  await Promise.race([hold.until, gone]);
}

function createGate(): { open: () => void; opened: Promise<void> } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}
