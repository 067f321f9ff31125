import type { ReactNode } from "react";
import css from "./theme/overlay.module.css";

/** The sunken last row of a Modal's or Drawer's body: a hint at the left, the buttons at the right. */
export function ModalFooter({ hint, children }: { hint?: ReactNode; children: ReactNode }) {
  return (
    <div className={css.footer}>
      <span className={css.footerHint}>{hint}</span>
      {children}
    </div>
  );
}
