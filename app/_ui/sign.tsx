import css from "./sign.module.css";
import type { Tone } from "./states.ts";

type Props = {
  sign: string;
  tone: Extract<Tone, "good" | "warn" | "bad" | "idle">;
  /** What the sign stands for; left out where the row says it in words. */
  word?: string;
};

/** Plus, tilde or minus in the colour of what happened; never the colour alone. */
export function Sign({ sign, tone, word }: Props) {
  if (word === undefined) {
    return (
      <span className={css.sign} data-tone={tone} aria-hidden>
        {sign}
      </span>
    );
  }
  return (
    <span className={css.sign} data-tone={tone} title={word}>
      <span aria-hidden>{sign}</span>
      <span className="sr-only">{word}: </span>
    </span>
  );
}
