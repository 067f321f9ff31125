import { type Change, changeSigns } from "../_lib/rows.ts";
import classes from "./differences.module.css";

/** Plus, tilde or minus in the colour of what happened; never the colour alone. */
export function ChangeSign({ change }: { change: Change }) {
  const { sign, word, tone } = changeSigns[change];
  return (
    <span className={classes.sign} data-tone={tone} title={word}>
      <span aria-hidden>{sign}</span>
      <span className="sr-only">{word}: </span>
    </span>
  );
}
