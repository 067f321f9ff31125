import { CopyButton } from "#app/_ui/copy-button.tsx";
import { Glyph } from "#app/_ui/glyph.tsx";
import { Panel } from "#app/_ui/panel.tsx";
import { ProgressBar } from "#app/_ui/phases.tsx";
import { states } from "#app/_ui/states.ts";
import type { Recovery } from "#core/recoveries/contract.ts";
import restores from "../../_components/restores.module.css";
import { isMoving, recoveryMeaning, recoveryState, recoveryVerdict } from "../_lib/recovery-words.ts";
import classes from "./parts.module.css";

/** The answer first: what the plan does or what was done, and what it leaves out. */
export function RecoveryVerdict({ row }: { row: Recovery }) {
  const shown = recoveryState(row.state);
  const percent = row.progress === null ? null : row.progress * 100;
  return (
    <Panel aria-label="Outcome">
      <div className={restores.verdict}>
        <Glyph tone={shown.tone} icon={states[shown.name].icon} size="lg" />
        <div className="grow">
          <h2>{recoveryVerdict(row)}</h2>
          <p>{recoveryMeaning(row)}</p>
        </div>
      </div>
      {isMoving(row) && (
        <div className={classes.bar}>
          <ProgressBar percent={percent} label={recoveryVerdict(row)} />
        </div>
      )}
      {row.outcomeText !== null && !saysItAll(row) && (
        <div className="row" style={{ padding: "0 20px 16px", alignItems: "flex-start" }}>
          <pre className={`${restores.raw} grow`}>{row.outcomeText}</pre>
          <CopyButton text={row.outcomeText} label="Copy what happened" />
        </div>
      )}
      {row.notes.length > 0 && (
        <ul className={classes.notes} aria-label="What the plan leaves out">
          {row.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** Where all went as it should, the verdict has the same numbers already. */
function saysItAll({ state }: Recovery): boolean {
  return state === "planned" || state === "applied" || state === "undone";
}
