import { PageHead } from "#app/_ui/page-head.tsx";
import { Panel } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";

/** The head is known before any data, so only the rows are bars. */
export default function Loading() {
  return (
    <>
      <PageHead title="Snapshots" />
      <Panel aria-busy="true">
        <span className="sr-only" role="status">
          Loading snapshots
        </span>
        <SkeletonList rows={12} />
      </Panel>
    </>
  );
}
