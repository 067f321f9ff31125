"use client";

import { errorText } from "#app/_ui/error-panel.tsx";
import { Note } from "#app/_ui/note.tsx";
import { Utc } from "#app/_ui/time.tsx";

/** Old data is better than none as long as it says how old it is. */
export function StaleBanner({ error, at }: { error: Error; at: number }) {
  return (
    <Note
      tone="warn"
      role="status"
      title={
        <>
          Showing results from <Utc at={at} />.
        </>
      }
    >
      {errorText(error)} Trying again every few seconds.
    </Note>
  );
}
