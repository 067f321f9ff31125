import { z } from "zod";
import type { Clock } from "#core/kernel/clock.ts";
import { type AccessStore, personKeys } from "./store.ts";

const keptMs = 30 * 24 * 3_600_000;
const addressesMax = 20;
const stored = z.array(z.object({ from: z.string(), atMs: z.number() }));

async function read(store: AccessStore, clock: Clock, userId: string) {
  const text = await store.readSetting(personKeys.addresses(userId));
  const since = clock.nowMs() - keptMs;
  return stored.parse(JSON.parse(text ?? "[]")).filter((entry) => entry.atMs > since);
}

/** From where somebody signed in during the last 30 days: guesses from elsewhere shall not hold them up there. */
export async function addressesOf(store: AccessStore, clock: Clock, userId: string): Promise<string[]> {
  return (await read(store, clock, userId)).map((entry) => entry.from);
}

export async function noteAddress(
  store: AccessStore,
  clock: Clock,
  userId: string,
  from: string,
): Promise<void> {
  const others = (await read(store, clock, userId)).filter((entry) => entry.from !== from);
  const all = [{ from, atMs: clock.nowMs() }, ...others].slice(0, addressesMax);
  await store.writeSetting(personKeys.addresses(userId), JSON.stringify(all));
}
