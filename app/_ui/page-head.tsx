import type { ReactNode } from "react";
import css from "./page-head.module.css";

type Props = { title: ReactNode; sub?: ReactNode; badge?: ReactNode; actions?: ReactNode };

/** The first line of a page: its h1, a grey fact, and the page's actions with the one primary button last. */
export function PageHead({ title, sub, badge, actions }: Props) {
  return (
    <div className={css.head}>
      <h1>{title}</h1>
      {badge}
      {sub !== undefined && <span className={css.sub}>{sub}</span>}
      {actions !== undefined && <div className={css.actions}>{actions}</div>}
    </div>
  );
}
