import { PageHead } from "#app/_ui/page-head.tsx";
import { Panel } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";

export default function Loading() {
  return (
    <>
      <PageHead title="Compare" />
      <Panel aria-busy="true">
        <span className="sr-only" role="status">
          Loading the comparison
        </span>
        <SkeletonList rows={12} />
      </Panel>
    </>
  );
}
