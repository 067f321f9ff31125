import { Panel } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import classes from "./overview.module.css";

/** The verdict and three cards as boxes of their true sizes. */
export function OverviewWaiting() {
  return (
    <>
      <h1 className="sr-only">Overview</h1>
      <span className="sr-only" role="status">
        Loading overview
      </span>
      <Panel aria-busy="true">
        <SkeletonList rows={1} height={74} />
      </Panel>
      <div className={classes.cards} aria-hidden>
        {["a", "b", "c"].map((place) => (
          <Panel key={place}>
            <SkeletonList rows={6} height={64} />
          </Panel>
        ))}
      </div>
    </>
  );
}
