import { Panel } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import classes from "./detail.module.css";

/** Boxes of the true sizes, so that nothing moves when the data is there. */
export function DetailWaiting() {
  return (
    <>
      <span className="sr-only" role="status">
        Loading snapshot
      </span>
      <div style={{ height: 52 }} aria-hidden />
      <Panel aria-busy="true">
        <SkeletonList rows={1} height={72} />
      </Panel>
      <div className={classes.grid} aria-hidden>
        <Panel>
          <SkeletonList rows={10} height={28} />
        </Panel>
        <Panel>
          <SkeletonList rows={6} height={28} />
        </Panel>
      </div>
    </>
  );
}
