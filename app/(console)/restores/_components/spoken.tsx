/** A state for those who can't see it: progress waits for its turn, how it ended is said at once. */
export function Spoken({ goesOn, words }: { goesOn: boolean; words: string }) {
  return (
    <>
      <p className="sr-only" role="status" aria-live="polite">
        {goesOn ? words : ""}
      </p>
      <p className="sr-only" role="alert">
        {goesOn ? "" : words}
      </p>
    </>
  );
}
