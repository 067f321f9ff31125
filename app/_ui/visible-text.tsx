import { Fragment } from "react";
import css from "./visible-text.module.css";

const names =
  "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US SP DEL".split(
    " ",
  );
const picture = /([\u2400-\u2421])/;

/** A text out of `showUnseen`: its pictures of control characters by their names, since few fonts have them. */
export function VisibleText({ text }: { text: string }) {
  const parts = text.split(picture);
  if (parts.length === 1) return text;
  return parts.map((part, at) =>
    at % 2 === 0 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no other identity
      <Fragment key={at}>{part}</Fragment>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no other identity
      <span key={at} className={css.control} data-name={names[part.charCodeAt(0) - 0x2400]}>
        {part}
      </span>
    ),
  );
}
