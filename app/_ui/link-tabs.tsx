import Link from "next/link";
import css from "./link-tabs.module.css";

type Tab<Name extends string> = { name: Name; href: string; words: string };

type Props<Name extends string> = {
  /** What the tabs are, for those who can't see them: "Parts of Access". */
  label: string;
  tabs: readonly Tab<Name>[];
  current: Name;
  className?: string;
};

/** The ways between pages that belong together. Links, because each is a page of its own. */
export function LinkTabs<Name extends string>({ label, tabs, current, className }: Props<Name>) {
  return (
    <nav className={[css.tabs, className].filter(Boolean).join(" ")} aria-label={label}>
      {tabs.map(({ name, href, words }) => (
        <Link
          key={name}
          href={href}
          className={css.tab}
          {...(name === current ? { "aria-current": "page" } : {})}
        >
          {words}
        </Link>
      ))}
    </nav>
  );
}
