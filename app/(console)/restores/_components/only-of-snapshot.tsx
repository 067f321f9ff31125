import Link from "next/link";
import { Note } from "#app/_ui/note.tsx";

/** A list that a link narrowed to one snapshot says so, and how to see the rest. */
export function OnlyOfSnapshot({
  what,
  snapshotId,
  href,
}: {
  what: string;
  snapshotId: string;
  href: string;
}) {
  return (
    <Note
      action={
        <Link className="link" href={href}>
          Show all
        </Link>
      }
    >
      Only {what} of{" "}
      <Link className="link mono" href={`/snapshots/${snapshotId}`}>
        {snapshotId}
      </Link>
      .
    </Note>
  );
}
