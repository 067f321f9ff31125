"use client";
import { Button } from "@mantine/core";
import { IconFingerprint, IconPencil, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy } from "react";
import { ActionMenu } from "#app/_ui/action-menu.tsx";
import { DialogSlot } from "#app/_ui/dialog-slot.tsx";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { Panel, PanelBody, PanelHeader } from "#app/_ui/panel.tsx";
import { Utc } from "#app/_ui/time.tsx";
import { useDialog } from "#app/_ui/use-dialog.ts";
import type { AccountView, PasskeyView } from "#core/access/contract.ts";
import { passkeysQuery } from "../queries.ts";
import css from "./account.module.css";

const AddPasskeyDialog = lazy(() =>
  import("./add-passkey-dialog.tsx").then((module) => ({ default: module.AddPasskeyDialog })),
);
const RenamePasskeyDialog = lazy(() =>
  import("./rename-passkey-dialog.tsx").then((module) => ({ default: module.RenamePasskeyDialog })),
);
const RemovePasskeyDialog = lazy(() =>
  import("./remove-passkey-dialog.tsx").then((module) => ({ default: module.RemovePasskeyDialog })),
);

type Open = { act: "add"; passkey: null } | { act: "rename" | "remove"; passkey: PasskeyView };

/** Signing in without a password: the device asks for a finger or its PIN, and nothing can be phished. */
export function PasskeysPanel({ account }: { account: AccountView }) {
  const list = useQuery(passkeysQuery);
  const dialog = useDialog<Open>();
  const passkeys = list.data?.passkeys ?? [];
  const refusal = refusalOf(account);
  return (
    <Panel>
      <PanelHeader title="Passkeys" sub={passkeys.length === 0 ? undefined : String(passkeys.length)} />
      {passkeys.length > 0 && (
        <ul aria-label="Passkeys">
          {passkeys.map((passkey) => (
            <PasskeyLine key={passkey.id} passkey={passkey} onAct={(act) => dialog.open({ act, passkey })} />
          ))}
        </ul>
      )}
      <PanelBody className={css.lines}>
        {list.error !== null && list.data === undefined && (
          <ErrorNote title="The passkeys could not be read." error={list.error} />
        )}
        <p className="t2">
          {refusal ?? "Signs you in with a finger or the PIN of a device, without the password."}
        </p>
        {refusal === null && (
          <div className={css.buttons}>
            <Button
              leftSection={<IconFingerprint aria-hidden />}
              onClick={() => dialog.open({ act: "add", passkey: null })}
            >
              Add passkey…
            </Button>
          </div>
        )}
      </PanelBody>
      <DialogSlot dialog={dialog}>
        {(common, asked) => <PasskeyDialog asked={asked} {...common} />}
      </DialogSlot>
    </Panel>
  );
}

type DialogProps = { asked: Open; opened: boolean; onClose: () => void };

function PasskeyDialog({ asked, ...props }: DialogProps) {
  switch (asked.act) {
    case "add":
      return <AddPasskeyDialog {...props} />;
    case "rename":
      return <RenamePasskeyDialog passkey={asked.passkey} {...props} />;
    case "remove":
      return <RemovePasskeyDialog passkey={asked.passkey} {...props} />;
    default:
      return asked satisfies never;
  }
}

/** Why none can be added; null when one can. */
function refusalOf({ passkeySupport, ways }: AccountView): string | null {
  if (!ways.password)
    return `You sign in with ${ways.provider ?? "your identity provider"}, which has passkeys of its own.`;
  return passkeySupport.available ? null : (passkeySupport.reason ?? "Passkeys are not available here.");
}

type LineProps = { passkey: PasskeyView; onAct: (act: "rename" | "remove") => void };

function PasskeyLine({ passkey, onAct }: LineProps) {
  return (
    <li className={css.passkey}>
      <IconFingerprint className="t3" aria-hidden />
      <span className="grow">
        <span className="med">{passkey.name}</span>{" "}
        <span className="t3 fs12">
          {passkey.createdAt !== null && (
            <>
              added <Utc at={passkey.createdAt} as="day" />
              {passkey.synced && ", "}
            </>
          )}
          {passkey.synced && "synced between your devices"}
        </span>
      </span>
      <ActionMenu
        label={`Actions for ${passkey.name}`}
        actions={[
          { label: "Rename…", icon: IconPencil, onSelect: () => onAct("rename") },
          { label: "Remove…", icon: IconTrash, danger: true, onSelect: () => onAct("remove") },
        ]}
      />
    </li>
  );
}
