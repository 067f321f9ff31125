import Link from "next/link";
import type { ReactNode } from "react";
import { PageHead } from "#app/_ui/page-head.tsx";
import css from "./access.module.css";

export const accessTabs = {
  people: "People",
  tokens: "API tokens",
  roles: "Roles",
  "sign-in": "Sign-in",
} as const;
export type AccessTab = keyof typeof accessTabs;

type Props = { tab: AccessTab; sub?: ReactNode; actions?: ReactNode; children: ReactNode };

/** The head of every part of Access, and the way to the others. Links, because each is a page of its own. */
export function AccessFrame({ tab, sub, actions, children }: Props) {
  return (
    <>
      <PageHead title="Access" sub={sub} actions={actions} />
      <nav className={css.tabs} aria-label="Parts of Access">
        {Object.entries(accessTabs).map(([name, words]) => (
          <Link
            key={name}
            href={`/access?tab=${name}`}
            className={css.tab}
            {...(name === tab ? { "aria-current": "page" } : {})}
          >
            {words}
          </Link>
        ))}
      </nav>
      {children}
    </>
  );
}
