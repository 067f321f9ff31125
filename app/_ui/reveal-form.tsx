"use client";
import { Button, TextInput } from "@mantine/core";
import { IconEye, IconEyeOff } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useCanAll } from "#app/_client/use-can-all.ts";
import type { reasonCharsMax as CharsMax, reasonCharsMin as CharsMin } from "#core/contents/contract.ts";
import type { Place } from "#core/kernel/permission.ts";
import { ErrorNote } from "./error-panel.tsx";
import css from "./reveal-form.module.css";
import { Tip } from "./tip.tsx";

const charsMin: typeof CharsMin = 3;
const charsMax: typeof CharsMax = 300;

type Props = {
  /** Why it is closed: "Hidden because the name matches *_key". */
  title: ReactNode;
  /** What is revealed, as it stands in "Revealing shows … for 60 s": "the value", "both values". */
  what: string;
  /** Where it is: each has to allow it. */
  places?: readonly Place[];
  pending: boolean;
  error: unknown;
  onReveal: (reason: string) => void;
};

/** Why something is closed, and how it is opened: with a role, for a reason, for a minute, and in the audit log. */
export function RevealForm({ title, what, places, pending, error, onReveal }: Props) {
  const verdict = useCanAll("secret.reveal", places);
  const [reason, setReason] = useState("");
  const ready = reason.trim().length >= charsMin;
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && verdict.allowed && !pending) onReveal(reason.trim());
      }}
    >
      <IconEyeOff aria-hidden />
      <div>
        <b className="med">{title}</b>
        <p className="fs12 t2">
          Revealing shows {what} for 60 s and is written to the audit log as{" "}
          <span className="mono">secret.reveal</span>.
        </p>
        <div className={css.line}>
          <TextInput
            className="grow"
            aria-label="Reason"
            placeholder="Reason, for example the incident number"
            maxLength={charsMax}
            autoComplete="off"
            disabled={!verdict.allowed}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {verdict.allowed ? (
            <Button
              type="submit"
              disabled={!ready}
              loading={pending}
              leftSection={<IconEye size={16} aria-hidden />}
            >
              Reveal
            </Button>
          ) : (
            <Tip text={verdict.reason}>
              <Button
                data-disabled
                aria-disabled
                aria-description={verdict.reason}
                leftSection={<IconEye size={16} aria-hidden />}
              >
                Reveal
              </Button>
            </Tip>
          )}
        </div>
        {!verdict.allowed && <p className="fs12 t3">{verdict.reason}.</p>}
        {error !== null && <ErrorNote title="It was not revealed." error={error} />}
      </div>
    </form>
  );
}

/** While it is open: how long it still is, and how to close it before. */
export function RevealedBar({ secondsLeft, onHide }: { secondsLeft: number; onHide: () => void }) {
  const hide = useRef<HTMLButtonElement>(null);
  // The form that had the focus is gone.
  useEffect(() => hide.current?.focus({ preventScroll: true }), []);
  return (
    <div className={css.bar}>
      <IconEye size={14} aria-hidden />
      <span>
        Revealed, hides in <b className="med tn">{secondsLeft} s</b>
      </span>
      <span className="sr-only" role="status">
        Revealed for 60 seconds
      </span>
      <Button ref={hide} size="xs" variant="ghost" onClick={onHide}>
        Hide now
      </Button>
    </div>
  );
}
