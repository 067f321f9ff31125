import type { Metadata } from "next";
import { getRuntime } from "#app/_server/runtime.ts";
import { requireViewer } from "#app/_server/session.ts";
import { callbackPath } from "#core/access/contract.ts";
import { type AccessTab, accessTabs } from "./_components/access-frame.tsx";
import { PeopleView } from "./_components/people-view.tsx";
import { RolesMatrix } from "./_components/roles-matrix.tsx";
import { SignInFacts } from "./_components/sign-in-facts.tsx";
import { TokensView } from "./_components/tokens-view.tsx";
import { givableBy } from "./_lib/givable.ts";

export const metadata: Metadata = { title: "Access" };

type Props = { searchParams: Promise<{ tab?: string | string[] }> };

export default async function AccessPage({ searchParams }: Props) {
  const viewer = await requireViewer();
  const tab = toTab((await searchParams).tab);
  switch (tab) {
    case "people":
      return <PeopleView />;
    case "tokens":
      return <TokensView givable={givableBy(viewer.grants)} />;
    case "roles":
      return <RolesMatrix grants={viewer.grants} />;
    case "sign-in": {
      const { baseUrl, sessions } = getRuntime();
      return <SignInFacts offer={sessions.offer} callbackUrl={new URL(callbackPath, baseUrl).href} />;
    }
    default:
      return tab satisfies never;
  }
}

function toTab(text: string | string[] | undefined): AccessTab {
  return accessTabs.find(({ name }) => name === text)?.name ?? "people";
}
