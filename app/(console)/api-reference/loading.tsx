import { PageHead } from "#app/_ui/page-head.tsx";
import { Panel } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";

export default function Loading() {
  return (
    <>
      <PageHead title="API reference" />
      <Panel aria-busy="true">
        <span className="sr-only" role="status">
          Loading
        </span>
        <SkeletonList rows={8} height={42} />
      </Panel>
    </>
  );
}
