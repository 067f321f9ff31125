import { type LookedLine, pass, size, warning } from "./line.ts";

export type RoomQuestion = {
  /** In the store of the history; null: it can't say. */
  readonly freeBytes: number | null;
  /** What a snapshot of the target takes: the one that was just compared, else the last that was kept; null: not known. */
  readonly liveBytes: number | null;
  /** The archive that is restored. */
  readonly chosenBytes: number | null;
};

/** Written by a run: the safety snapshot, and the fresh one that the check compares. */
const archivesWritten = 2;
/** An archive has an index beside it, and what it holds may have grown since. */
const reserve = 1.2;
const reserveBytes = 16 * 1024 * 1024;

/**
 * Room for what a restore writes. A disk that is full at the safety snapshot stops it with nothing sent; one that is full
 * at the check leaves replaced data of which nobody can say what it is. It is asked once the copy of the live state that
 * was compared is on the disk, so that this one is not counted twice. All of it is taken to be on one disk.
 */
export function roomLine({ freeBytes, liveBytes, chosenBytes }: RoomQuestion): LookedLine {
  if (freeBytes === null || liveBytes === null || chosenBytes === null)
    return warning("room", "Whether there is room for the safety snapshot is not known", {
      reason: "unknown",
      detail:
        freeBytes === null
          ? "The store doesn't say how much room it has."
          : `How much the target's state takes is not known, and the store has ${size(freeBytes)} left.`,
      todo: "Look at the store by hand: the safety snapshot and the one of the check have to fit in.",
      accept: "There is room for both, as far as I know",
    });
  const each = Math.max(liveBytes, chosenBytes);
  const needed = (archives: number) => archives * each * reserve + reserveBytes;
  const detail = `The target's archive has ${size(liveBytes)}, the chosen one ${size(chosenBytes)}. The safety snapshot and the one of the check take up to ${size(each)} each, with a reserve ${size(needed(archivesWritten))}; the store has ${size(freeBytes)} left.`;
  const todo = "Make room in the store, then run the checks again.";
  if (freeBytes < needed(1))
    return warning("room", "There may be no room for the safety snapshot", {
      reason: "tight",
      extent: archivesWritten,
      detail,
      todo,
      accept: "Where the safety snapshot finds no room, the restore doesn't start",
    });
  if (freeBytes < needed(archivesWritten))
    return warning("room", "There may be no room for the check after the restore", {
      reason: "tight",
      extent: 1,
      detail: `${detail} Where the check finds no room, what the target holds is not known.`,
      todo,
      accept: "The outcome may stay unknown until there is room, and is compared again then",
    });
  return pass(
    "room",
    "There is room for the safety snapshot and the check",
    `${size(each)} each, ${size(freeBytes)} left`,
  );
}
