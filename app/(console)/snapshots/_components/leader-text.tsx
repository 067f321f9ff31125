import { StateText } from "#app/_ui/state-text.tsx";
import type { DatacenterHealth } from "#core/clusters/contract.ts";

/** `leader 10.0.3.11:8300`, or why there is none. */
export function LeaderText({ one }: { one: DatacenterHealth }) {
  switch (one.state) {
    case "ok":
      return (
        <StateText
          small
          state="ok"
          word={
            <>
              <span className="from-768">leader</span> <span className="mono">{one.leader ?? "known"}</span>
            </>
          }
        />
      );
    case "no_leader":
      return <StateText small state="failed" word="No cluster leader" />;
    case "unreachable":
      return <StateText small state="failed" word="Unreachable" />;
    case "unknown":
      return <StateText small state="missing" word="Not asked yet" />;
    default:
      return one.state satisfies never;
  }
}
