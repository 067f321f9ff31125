import type { ReactNode } from "react";
import css from "./empty.module.css";

type Props = {
  /** What the absence is: "No snapshot of dc1 yet". */
  title: ReactNode;
  /** What it means: "Until there is one, dc1 cannot be recovered." */
  children?: ReactNode;
  /** One primary button and at most two others. */
  actions?: ReactNode;
  /** The command that does the same. */
  command?: ReactNode;
  picture?: boolean;
};

/** Stands inside a Panel in place of the rows. */
export function Empty({ title, children, actions, command, picture = true }: Props) {
  return (
    <div className={css.empty}>
      {picture && <StackPicture />}
      <h2>{title}</h2>
      {children !== undefined && <p>{children}</p>}
      {actions !== undefined && <div className={css.actions}>{actions}</div>}
      {command !== undefined && <div className={css.more}>{command}</div>}
    </div>
  );
}

function StackPicture() {
  return (
    <svg width="112" height="72" viewBox="0 0 112 72" fill="none" aria-hidden="true">
      <g stroke="var(--line-strong)" strokeWidth="1.5">
        <rect x="14" y="44" width="84" height="20" rx="4" fill="var(--sunken)" />
        <rect x="20" y="26" width="72" height="20" rx="4" fill="var(--sunken)" strokeDasharray="3 3" />
        <rect x="28" y="8" width="56" height="20" rx="4" fill="var(--surface)" strokeDasharray="3 3" />
      </g>
      <circle cx="25" cy="54" r="2.5" fill="var(--good-solid)" />
      <path d="M34 54h32" stroke="var(--idle-solid)" strokeWidth="1.5" strokeLinecap="round" />
      <path d="M56 13v10M51 18h10" stroke="var(--text-2)" strokeWidth="1.75" strokeLinecap="round" />
    </svg>
  );
}
