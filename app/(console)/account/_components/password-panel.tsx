"use client";
import { Button } from "@mantine/core";
import { lazy } from "react";
import { DialogSlot } from "#app/_ui/dialog-slot.tsx";
import { Panel, PanelBody, PanelHeader } from "#app/_ui/panel.tsx";
import { useDialog } from "#app/_ui/use-dialog.ts";
import type { AccountView } from "#core/access/contract.ts";
import css from "./account.module.css";

const PasswordDialog = lazy(() =>
  import("./password-dialog.tsx").then((module) => ({ default: module.PasswordDialog })),
);

export function PasswordPanel({ account }: { account: AccountView }) {
  const dialog = useDialog<null>();
  const { provider } = account.ways;
  return (
    <Panel>
      <PanelHeader title="Password" />
      <PanelBody className={css.lines}>
        {account.ways.password ? (
          <>
            <p className="t2">Changing it ends your other sessions.</p>
            <div className={css.buttons}>
              <Button onClick={() => dialog.open(null)}>Change password…</Button>
            </div>
          </>
        ) : (
          <p className="t2">
            You have none here: you sign in with {provider ?? "your identity provider"}, and change it there.
          </p>
        )}
      </PanelBody>
      <DialogSlot dialog={dialog}>
        {(common) => <PasswordDialog name={account.name} {...common} />}
      </DialogSlot>
    </Panel>
  );
}
