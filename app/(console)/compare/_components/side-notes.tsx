import { Note } from "#app/_ui/note.tsx";
import type { Side } from "../_lib/side-words.ts";
import type { ComparisonState } from "./use-comparison.ts";

/** What a reader must know before believing the numbers below. */
export function SideNotes({ state }: { state: ComparisonState }) {
  const { side: a } = state.a;
  const { side: b } = state.b;
  if (a === null || b === null) return null;
  return (
    <>
      <Unsound name="A" side={a} />
      <Unsound name="B" side={b} />
      {a.datacenter !== b.datacenter && (
        <Note tone="warn" title="Two different datacenters.">
          Most of what differs is what makes {a.datacenter ?? "A"} and {b.datacenter ?? "B"} two of them.
        </Note>
      )}
    </>
  );
}

function Unsound({ name, side }: { name: string; side: Side }) {
  if (side.state === "corrupt") {
    return (
      <Note tone="bad" title={`${name} is corrupt.`}>
        Its hashes no longer match. The differences are those that were found while it was sound.
      </Note>
    );
  }
  if (side.state === "stale") {
    return (
      <Note tone="warn" title={`${name} is stale.`}>
        It was taken from a server that was behind, so the newest writes may be missing from it.
      </Note>
    );
  }
  return null;
}
