"use client";
import { Button, Modal, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { accountKeys } from "#app/_client/keys.ts";
import { CopyButton } from "#app/_ui/copy-button.tsx";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { ModalFooter } from "#app/_ui/modal-footer.tsx";
import { Stepper } from "#app/_ui/stepper.tsx";
import type { TotpBegun } from "#core/access/contract.ts";
import { fieldErrors, formError } from "../../access/_lib/field-errors.ts";
import { beginTotp, confirmTotp } from "../actions.ts";
import css from "./account.module.css";
import { PasswordStep } from "./password-step.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";

type Props = { name: string; opened: boolean; onClose: () => void };
type Step = { at: "password" } | { at: "scan"; begun: TotpBegun } | { at: "codes"; codes: readonly string[] };
const places = { password: 0, scan: 1, codes: 2 } as const;

/** Nothing of it holds before the first code was right: leaving before leaves the account as it was. */
export function SetUpAppDialog({ name, opened, onClose }: Props) {
  const [step, setStep] = useState<Step>({ at: "password" });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Set up authenticator app"
      size={560}
      closeOnClickOutside={false}
    >
      <div className="stack" style={{ gap: 16 }}>
        <Stepper steps={["Password", "Scan and confirm", "Recovery codes"]} active={places[step.at]} />
        {step.at === "password" && (
          <BeginStep onBegun={(begun) => setStep({ at: "scan", begun })} onClose={onClose} />
        )}
        {step.at === "scan" && (
          <ScanStep
            begun={step.begun}
            onConfirmed={(codes) => setStep({ at: "codes", codes })}
            onClose={onClose}
          />
        )}
        {step.at === "codes" && <RecoveryCodes codes={step.codes} name={name} onClose={onClose} />}
      </div>
    </Modal>
  );
}

function BeginStep({ onBegun, onClose }: { onBegun: (begun: TotpBegun) => void; onClose: () => void }) {
  const begin = useMutation({
    gcTime: 0,
    mutationFn: (password: string) => unwrapped(beginTotp({ password })),
    onSuccess: onBegun,
  });
  return (
    <PasswordStep
      confirmLabel="Continue"
      pending={begin.isPending}
      error={begin.error}
      failed="Not begun."
      onConfirm={begin.mutate}
      onClose={onClose}
    >
      <p className="t2">Have an authenticator app at hand, on a phone or in a password manager.</p>
    </PasswordStep>
  );
}

type ScanProps = { begun: TotpBegun; onConfirmed: (codes: readonly string[]) => void; onClose: () => void };

function ScanStep({ begun, onConfirmed, onClose }: ScanProps) {
  const queries = useQueryClient();
  const [code, setCode] = useState("");
  const confirm = useMutation({
    gcTime: 0,
    mutationFn: () => unwrapped(confirmTotp({ code })),
    onSuccess: async ({ recoveryCodes }) => {
      onConfirmed(recoveryCodes);
      await queries.invalidateQueries({ queryKey: accountKeys.all });
    },
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate();
      }}
    >
      <div className={css.setUp}>
        <Qr qr={begun.qr} />
        <div className="stack" style={{ gap: 16 }}>
          <div>
            <p>Scan the picture with the app, or type the key:</p>
            <p className={css.key}>
              <code>{begun.secret.match(/.{1,4}/g)?.join(" ")}</code>
              <CopyButton text={begun.secret} label="Copy key" />
            </p>
          </div>
          <TextInput
            className={css.code}
            label="Code that the app shows"
            value={code}
            error={fieldErrors(confirm.error, ["code"]).code}
            required
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={7}
            data-autofocus
            autoFocus
            onChange={(event) => setCode(event.currentTarget.value)}
          />
          {formError(confirm.error, ["code"]) !== null && (
            <ErrorNote title="Not set up." error={confirm.error} />
          )}
        </div>
      </div>
      <ModalFooter hint="Ends your other sessions.">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" variant="primary" loading={confirm.isPending}>
          Confirm
        </Button>
      </ModalFooter>
    </form>
  );
}

function Qr({ qr: { size, path } }: Pick<TotpBegun, "qr">) {
  return (
    <svg
      className={css.qr}
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label="QR code with the key, which also stands beside it as text"
    >
      <path d={path} />
    </svg>
  );
}
