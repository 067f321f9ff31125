import { Tag } from "./state-badge.tsx";
import { showUnseen } from "./value-view-text.ts";
import { VisibleText } from "./visible-text.tsx";

const titleCharsMax = 1_000;

/** A key as a person may read it: control characters as pictures, and a long one without its middle. */
export function keyWords(text: string, charsMax = 160): string {
  const shown = showUnseen(text.length > charsMax ? shortened(text, charsMax) : text);
  return shown.length > charsMax * 2 ? shortened(shown, charsMax) : shown;
}

function shortened(text: string, charsMax: number): string {
  const letters = [...text];
  if (letters.length <= charsMax) return text;
  const end = Math.floor((charsMax - 1) / 3);
  return `${letters.slice(0, charsMax - 1 - end).join("")}…${letters.slice(-end).join("")}`;
}

type Props = { text: string; isUtf8?: boolean; charsMax?: number; className?: string };

/** A key, a part of one, or any other name that somebody else chose. Harmless whatever it holds. */
export function KeyName({ text, isUtf8 = true, charsMax = 160, className = "trunc" }: Props) {
  const words = keyWords(text, charsMax);
  const whole = keyWords(text, titleCharsMax);
  return (
    <>
      <bdi className={`mono ${className}`} title={whole}>
        <VisibleText text={words} />
      </bdi>
      {!isUtf8 && <Tag>not UTF-8</Tag>}
    </>
  );
}
