"use client";
import { CopyButton } from "#app/_ui/copy-button.tsx";
import { Note } from "#app/_ui/note.tsx";
import css from "./access.module.css";

type Props = { label: string; text: string; children: string };

/** A text that is shown once. It lives in the dialog's state alone and is gone when that closes. */
export function OneTimeSecret({ label, text, children }: Props) {
  return (
    <div className="stack" style={{ gap: 12 }}>
      <div>
        <span className={css.label}>{label}</span>
        <div className={css.secret}>
          <code>{text}</code>
          <CopyButton text={text} label={`Copy ${label.toLowerCase()}`} />
        </div>
      </div>
      <Note tone="warn" title="Shown once.">
        {children}
      </Note>
    </div>
  );
}
