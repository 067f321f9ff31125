import { PageHead } from "#app/_ui/page-head.tsx";
import { Panel } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { RestoreTabs } from "../_components/restore-tabs.tsx";

export default function Loading() {
  return (
    <>
      <PageHead title="Drills" />
      <RestoreTabs tab="drills" />
      <Panel aria-busy="true">
        <span className="sr-only" role="status">
          Loading drills
        </span>
        <SkeletonList rows={8} />
      </Panel>
    </>
  );
}
