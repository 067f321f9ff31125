import type { ReactNode } from "react";
import { LinkTabs } from "#app/_ui/link-tabs.tsx";
import { PageHead } from "#app/_ui/page-head.tsx";
import css from "./access.module.css";

export const accessTabs = [
  { name: "people", href: "/access?tab=people", words: "People" },
  { name: "tokens", href: "/access?tab=tokens", words: "API tokens" },
  { name: "roles", href: "/access?tab=roles", words: "Roles" },
  { name: "sign-in", href: "/access?tab=sign-in", words: "Sign-in" },
] as const;
export type AccessTab = (typeof accessTabs)[number]["name"];

type Props = { tab: AccessTab; sub?: ReactNode; actions?: ReactNode; children: ReactNode };

/** The head of every part of Access, and the way to the others. */
export function AccessFrame({ tab, sub, actions, children }: Props) {
  return (
    <>
      <PageHead title="Access" sub={sub} actions={actions} />
      <LinkTabs label="Parts of Access" tabs={accessTabs} current={tab} className={css.tabs} />
      {children}
    </>
  );
}
