"use client";
import Link from "next/link";
import { Facts } from "#app/_ui/facts.tsx";
import { Panel, PanelBody, PanelHeader } from "#app/_ui/panel.tsx";
import { Tag } from "#app/_ui/state-badge.tsx";
import type { AccountView } from "#core/access/contract.ts";
import { GrantList } from "../../access/_components/grant-list.tsx";

/** Who one is here, and where the roles come from. */
export function WhoPanel({ account }: { account: AccountView }) {
  return (
    <Panel>
      <PanelHeader
        title="You"
        actions={
          <Link className="link fs12" href="/access?tab=roles">
            What roles may
          </Link>
        }
      />
      <PanelBody>
        <Facts
          align="left"
          facts={[
            {
              label: "Username",
              value: (
                <span className="row" style={{ gap: 6 }}>
                  <span className="med">{account.name}</span>
                  {account.breakGlass && <Tag>break-glass</Tag>}
                </span>
              ),
            },
            { label: "Roles", value: <GrantList grants={account.grants} /> },
            { label: "They come from", value: fromWords(account) },
            { label: "Signed in with", value: account.signedInWith },
          ]}
        />
      </PanelBody>
    </Panel>
  );
}

/** `grantsFrom` as a phrase: "groups sre, dba" is the provider's word, "console" an administrator's. */
function fromWords({ grantsFrom, ways }: AccountView): string {
  if (grantsFrom.startsWith("groups ")) {
    return `your ${grantsFrom} at ${ways.provider ?? "the identity provider"}, read at every sign-in`;
  }
  switch (grantsFrom) {
    case "setup":
      return "the first run: you set Snapkeep up";
    case "console":
      return "an administrator, in this console";
    case "command line":
      return "the command line of the server";
    case "default role":
      return `the role that everybody from ${ways.provider ?? "the identity provider"} gets`;
    default:
      return grantsFrom;
  }
}
