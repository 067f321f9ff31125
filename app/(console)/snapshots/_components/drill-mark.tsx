import { IconFlask2 } from "@tabler/icons-react";
import { drillMarks, drillMarkWords, type SnapshotDrill } from "../_lib/drill-marks.ts";

/** Good is an icon in grey with a tooltip; what differs or failed is said in words. None without a drill. */
export function DrillMark({ drill }: { drill: SnapshotDrill | null }) {
  if (drill === null) return null;
  const words = drillMarkWords(drill);
  if (drill.state === "passed") {
    return (
      <span title={words} className="t3">
        <IconFlask2 size={14} role="img" aria-label={words} style={{ verticalAlign: -2 }} />
      </span>
    );
  }
  return (
    <span title={words} className={drill.state === "failed" ? "c-bad med" : "c-warn med"}>
      {drillMarks[drill.state].word}
    </span>
  );
}
