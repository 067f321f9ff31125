import { Panel } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import classes from "./restores.module.css";

export function RestoreWaiting() {
  return (
    <>
      <span className="sr-only" role="status">
        Loading restore
      </span>
      <div style={{ height: 32 }} aria-hidden />
      <div className={classes.grid} aria-hidden>
        <Panel>
          <SkeletonList rows={6} height={44} />
        </Panel>
        <Panel>
          <SkeletonList rows={4} height={44} />
        </Panel>
      </div>
    </>
  );
}
