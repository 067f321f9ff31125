"use client";
import { Button } from "@mantine/core";
import { lazy } from "react";
import { DialogSlot } from "#app/_ui/dialog-slot.tsx";
import { formatCount } from "#app/_ui/format.ts";
import { Note } from "#app/_ui/note.tsx";
import { Panel, PanelBody, PanelHeader } from "#app/_ui/panel.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import { useDialog } from "#app/_ui/use-dialog.ts";
import type { AccountView } from "#core/access/contract.ts";
import css from "./account.module.css";

const SetUpAppDialog = lazy(() =>
  import("./set-up-app-dialog.tsx").then((module) => ({ default: module.SetUpAppDialog })),
);
const NewCodesDialog = lazy(() =>
  import("./new-codes-dialog.tsx").then((module) => ({ default: module.NewCodesDialog })),
);
const RemoveAppDialog = lazy(() =>
  import("./remove-app-dialog.tsx").then((module) => ({ default: module.RemoveAppDialog })),
);

type Open = "set-up" | "codes" | "remove";
const fewCodes = 3;

/** The second factor of a password: an app that shows a code every half minute. */
export function AppPanel({ account }: { account: AccountView }) {
  const dialog = useDialog<Open>();
  const { code, password, provider } = account.ways;
  return (
    <Panel>
      <PanelHeader
        title="Authenticator app"
        actions={code ? <StateText state="ok" word="On" /> : <span className="t3">Off</span>}
      />
      <PanelBody className={css.lines}>
        {!password && (
          <p className="t2">{provider ?? "Your identity provider"} asks for your second factor.</p>
        )}
        {password && !code && (
          <>
            <p className="t2">
              A code from an app besides the password, so that the password alone lets nobody in.
            </p>
            <div className={css.buttons}>
              <Button onClick={() => dialog.open("set-up")}>Set up authenticator app…</Button>
            </div>
          </>
        )}
        {code && <CodesLeft left={account.recoveryCodesLeft} />}
        {code && (
          <div className={css.buttons}>
            <Button onClick={() => dialog.open("codes")}>New recovery codes…</Button>
            <Button variant="danger-outline" onClick={() => dialog.open("remove")}>
              Remove…
            </Button>
          </div>
        )}
      </PanelBody>
      <DialogSlot dialog={dialog}>
        {(common, what) => <AppDialog what={what} name={account.name} {...common} />}
      </DialogSlot>
    </Panel>
  );
}

type DialogProps = { what: Open; name: string; opened: boolean; onClose: () => void };

function AppDialog({ what, ...props }: DialogProps) {
  switch (what) {
    case "set-up":
      return <SetUpAppDialog {...props} />;
    case "codes":
      return <NewCodesDialog {...props} />;
    case "remove":
      return <RemoveAppDialog {...props} />;
    default:
      return what satisfies never;
  }
}

function CodesLeft({ left }: { left: number }) {
  if (left <= fewCodes) {
    return (
      <Note
        tone="warn"
        title={left === 0 ? "No recovery code is left." : `${formatCount(left, "recovery code")} left.`}
      >
        Without one and without the app, only an administrator can let you in again.
      </Note>
    );
  }
  return (
    <p className="t2">
      {formatCount(left, "recovery code")} left, for the day on which the app is not at hand.
    </p>
  );
}
