import { setTimeout as wait } from "node:timers/promises";
import { type ChangeOutcome, toOutcome } from "./answers.ts";
import { askKeys } from "./ask-keys.ts";
import { type KeyChange, settleTogether } from "./key-changes.ts";
import { type Reading, readKeys } from "./read-keys.ts";

/** A leader is elected anew within seconds. */
const waitsMs = [500, 1_000, 2_000, 4_000];

export type Sender = {
  reading: Reading;
  /** Snapkeep stops: what has been sent is still heard out, and nothing is tried again. */
  isStopping: () => boolean;
  sent: (ns: readonly number[]) => Promise<void>;
  told: (outcomes: readonly ChangeOutcome[]) => Promise<void>;
};

/**
 * Sends one chunk until each of its changes has an outcome. A transaction in which one is stale writes nothing, so the
 * others are sent again without it. After an answer that never came the keys themselves are asked, and what stands as
 * before is sent again: a check-and-set can't happen twice.
 * @returns null; or why there is no use in going on.
 */
export async function sendChunk(sender: Sender, chunk: readonly KeyChange[]): Promise<string | null> {
  let left = chunk;
  let lost = false;
  for (let attempt = 0; left.length > 0; ) {
    await sender.sent(left.map((change) => change.n));
    const answer = await askKeys(sender.reading, left);
    switch (answer.kind) {
      case "told": {
        const outcomes = lost ? await lookAtStale(sender.reading, answer.outcomes) : answer.outcomes;
        await sender.told(outcomes);
        const told = new Set(outcomes.map(({ change }) => change.n));
        left = left.filter((change) => !told.has(change.n));
        break;
      }
      case "too-large": {
        const half = Math.ceil(left.length / 2);
        if (left.length > 1)
          return (
            (await sendChunk(sender, left.slice(0, half))) ?? (await sendChunk(sender, left.slice(half)))
          );
        await sender.told(left.map((change) => toOutcome(change, "refused", answer.text)));
        return null;
      }
      case "refused":
        await sender.told(left.map((change) => toOutcome(change, "refused", answer.text)));
        return answer.text;
      case "lost":
      case "unsent": {
        lost ||= answer.kind === "lost";
        const waitMs = waitsMs[attempt];
        attempt += 1;
        const isLast = waitMs === undefined || sender.isStopping();
        if (answer.kind === "unsent" && isLast && !lost) {
          await sender.sent([]);
          return answer.text;
        }
        if (lost) left = await lookAtLost(sender, left, isLast ? answer.text : null);
        if (isLast && left.length > 0) return answer.text;
        if (!isLast && left.length > 0) await wait(waitMs);
        break;
      }
      default:
        answer satisfies never;
    }
  }
  return null;
}

/** Told stale after an answer was lost: it may be our own write that made it so. */
async function lookAtStale(reading: Reading, outcomes: ChangeOutcome[]): Promise<ChangeOutcome[]> {
  const stale = outcomes.filter(({ kind }) => kind === "stale");
  if (stale.length === 0) return outcomes;
  const now = await readKeys(
    reading,
    stale.map(({ change }) => change.key),
  ).catch(() => null);
  const settled = settleTogether(
    stale.map(({ change }) => change),
    now ?? [],
  );
  return outcomes.map((outcome) => {
    const at = stale.indexOf(outcome);
    if (at < 0) return outcome;
    if (now === null) return toOutcome(outcome.change, "unknown", unreadable);
    const found = settled[at];
    return found?.kind === "done" ? toOutcome(outcome.change, "done", "", found.index) : outcome;
  });
}

const unreadable = "No answer came, and the key could not be read afterwards.";

/**
 * Asks the keys what became of changes whose answer was lost, and tells what is certain.
 * @param lastWords when nothing more is tried: what is still open then is told as unknown.
 * @returns the changes that are still open: to be sent again, unless these were the last words.
 */
async function lookAtLost(
  { reading, told }: Sender,
  left: readonly KeyChange[],
  lastWords: string | null,
): Promise<readonly KeyChange[]> {
  const now = await readKeys(
    reading,
    left.map((change) => change.key),
  ).catch(() => null);
  const settled = now === null ? null : settleTogether(left, now);
  const again: KeyChange[] = [];
  const outcomes: ChangeOutcome[] = [];
  for (const [at, change] of left.entries()) {
    const found = settled?.[at];
    if (found?.kind === "done") outcomes.push(toOutcome(change, "done", "", found.index));
    else if (found?.kind === "moved") outcomes.push(toOutcome(change, "stale", ""));
    else {
      again.push(change);
      if (lastWords === null) continue;
      const stands =
        found?.kind === "untouched" ? "The key stood as before when Snapkeep looked." : unreadable;
      outcomes.push(toOutcome(change, "unknown", `${lastWords} ${stands}`));
    }
  }
  await told(outcomes);
  return again;
}
