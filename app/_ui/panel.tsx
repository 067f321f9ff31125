import type { ComponentProps, ReactNode } from "react";
import css from "./panel.module.css";

function join(own: string | undefined, given: string | undefined): string {
  return [own, given].filter(Boolean).join(" ");
}

/** The one surface of a page: a hairline and no shadow. Give it an `aria-labelledby` or a PanelHeader. */
export function Panel({ className, ...rest }: ComponentProps<"section">) {
  return <section {...rest} className={join(css.panel, className)} />;
}

type HeaderProps = {
  title: ReactNode;
  /** Grey words behind the title. */
  sub?: ReactNode;
  /** Buttons and figures at the right. */
  actions?: ReactNode;
  /** No line below, for a chart or a strip that follows at once. */
  flush?: boolean;
  as?: "h2" | "h3";
  id?: string;
  children?: ReactNode;
};

export function PanelHeader({
  title,
  sub,
  actions,
  flush = false,
  as: Heading = "h2",
  id,
  children,
}: HeaderProps) {
  return (
    <header className={css.header} data-flush={flush || undefined}>
      <Heading className={css.title} id={id}>
        {title}
      </Heading>
      {sub !== undefined && <span className={css.sub}>{sub}</span>}
      {children}
      {actions !== undefined && <div className={css.actions}>{actions}</div>}
    </header>
  );
}

export function PanelBody({ className, ...rest }: ComponentProps<"div">) {
  return <div {...rest} className={join(css.body, className)} />;
}

export function PanelFooter({ className, ...rest }: ComponentProps<"footer">) {
  return <footer {...rest} className={join(css.footer, className)} />;
}
