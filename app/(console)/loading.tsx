import { Panel } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";

export default function Loading() {
  return (
    <div aria-busy="true" className="stack" style={{ gap: 16 }}>
      <span className="sr-only" role="status">
        Loading
      </span>
      <div style={{ height: 32 }} />
      <Panel>
        <SkeletonList rows={8} height={42} />
      </Panel>
    </div>
  );
}
