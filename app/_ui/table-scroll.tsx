import type { ReactNode } from "react";
import table from "./data-table.module.css";

type Props = {
  /** What lies in it, for whoever reaches it by Tab: "Audit entries". */
  label: string;
  className?: string;
  children: ReactNode;
};

/**
 * The frame that a table scrolls in. It takes the focus, since a table without links has nothing else in it that
 * the arrow keys could scroll from.
 */
export function TableScroll({ label, className, children }: Props) {
  return (
    <section
      className={className === undefined ? table.scroll : `${table.scroll} ${className}`}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by the keyboard
      tabIndex={0}
    >
      {children}
    </section>
  );
}
