"use client";
import { useQuery } from "@tanstack/react-query";
import { Crumbs } from "#app/_ui/crumbs.tsx";
import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { PageHead } from "#app/_ui/page-head.tsx";
import { Panel } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { accountQuery } from "../queries.ts";
import css from "./account.module.css";
import { AppPanel } from "./app-panel.tsx";
import { PasskeysPanel } from "./passkeys-panel.tsx";
import { PasswordPanel } from "./password-panel.tsx";
import { SessionsPanel } from "./sessions-panel.tsx";
import { WhoPanel } from "./who-panel.tsx";

/** What one may, how one signs in, and where one is signed in. */
export function AccountView() {
  const account = useQuery(accountQuery);
  return (
    <>
      <Crumbs items={[{ label: "Your account" }]} />
      <PageHead title="Your account" sub={account.data?.name} />
      {account.data === undefined && account.error !== null && (
        <ErrorPanel
          title="Your account could not be read"
          error={account.error}
          onRetry={() => void account.refetch()}
        />
      )}
      {account.data === undefined && account.error === null && (
        <Panel aria-busy="true">
          <SkeletonList rows={5} />
        </Panel>
      )}
      {account.data !== undefined && (
        <div className={css.columns}>
          <div>
            <WhoPanel account={account.data} />
            <PasswordPanel account={account.data} />
          </div>
          <div>
            <AppPanel account={account.data} />
            <PasskeysPanel account={account.data} />
          </div>
        </div>
      )}
      <SessionsPanel />
    </>
  );
}
