// Which lines of two texts are the same. Browser-safe.
import { diffArrays } from "diff";

/** The index of a line in each text. */
export type LinePair = readonly [before: number, after: number];

/** Together they bound the work: the time grows with the square of the edits, and so does the memory. */
const editsMax = 4_000;
const timeMsMax = 1_000;

/**
 * The lines that stay, in order: as many as can be. Null when that takes too long, as it does where thousands of
 * lines changed their places.
 */
export function matchLines(before: readonly string[], after: readonly string[]): LinePair[] | null {
  const ids = new Map<string, number>();
  const idsBefore = before.map((line) => idOf(ids, line));
  const idsAfter = after.map((line) => idOf(ids, line));
  // A line that the other text does not have cannot stay, and without them little is left to search.
  const placesBefore = sharedPlaces(idsBefore, new Set(idsAfter));
  const placesAfter = sharedPlaces(idsAfter, new Set(idsBefore));
  const runs = diffArrays(
    placesBefore.map((place) => idsBefore[place]),
    placesAfter.map((place) => idsAfter[place]),
    { maxEditLength: editsMax, timeout: timeMsMax },
  );
  if (runs === undefined) {
    return null;
  }
  const pairs: LinePair[] = [];
  let a = 0;
  let b = 0;
  for (const { added, removed, count } of runs) {
    for (let at = 0; at < count && !added && !removed; at++) {
      pairs.push([placesBefore[a + at] ?? 0, placesAfter[b + at] ?? 0]);
    }
    a += added ? 0 : count;
    b += removed ? 0 : count;
  }
  return pairs;
}

/** Numbers are quicker to compare than lines. */
function idOf(ids: Map<string, number>, line: string): number {
  const known = ids.get(line);
  if (known !== undefined) {
    return known;
  }
  ids.set(line, ids.size);
  return ids.size - 1;
}

function sharedPlaces(ids: readonly number[], others: ReadonlySet<number>): number[] {
  return ids.flatMap((id, place) => (others.has(id) ? [place] : []));
}
