import { pageFill } from "#app/_ui/page-fill.ts";
import { Panel } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";

/** Rows of true height while the first ones are on their way. */
export function EntriesWaiting() {
  return (
    <Panel className={pageFill} aria-busy="true">
      <span className="sr-only" role="status">
        Loading entries
      </span>
      <SkeletonList rows={16} height={28} />
    </Panel>
  );
}
