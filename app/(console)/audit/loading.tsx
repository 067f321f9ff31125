import { PageHead } from "#app/_ui/page-head.tsx";
import { EntriesWaiting } from "./_components/entries-waiting.tsx";

/** The head is known before any data, so only the rows are bars. */
export default function Loading() {
  return (
    <>
      <PageHead title="Audit log" />
      <EntriesWaiting />
    </>
  );
}
