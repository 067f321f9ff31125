"use client";

import { Switch, Textarea, TextInput } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { formatBytes, formatDuration } from "#app/_ui/format.ts";
import { Note } from "#app/_ui/note.tsx";
import type { WithoutSafety } from "#core/restore/contract.ts";
import type { ActDraft } from "../_lib/confirm-draft.ts";
import { reasonCharsMax } from "../_lib/restore-words.ts";
import { OwnTokens } from "./own-tokens.tsx";
import classes from "./restores.module.css";

type Change = { draft: ActDraft; onChange: (draft: ActDraft) => void };
type SafetyProps = Change & {
  name: string;
  lastBytes: number | null;
  lastMs: number | null;
  /** Undefined as long as it isn't known. */
  without: WithoutSafety | undefined;
};

/** On unless none can be taken, somebody turns it off and says why; what is lost then is said before anything else. */
export function SafetyField({ draft, onChange, name, lastBytes, lastMs, without }: SafetyProps) {
  const like = [
    lastBytes === null ? "" : `About ${formatBytes(lastBytes)}`,
    lastMs === null ? "" : formatDuration(lastMs),
  ].filter((part) => part !== "");
  const mayLeaveOut = without?.allowed ?? false;
  return (
    <div className="stack" style={{ gap: 10 }}>
      <Switch
        label={<b className="med">Take a safety snapshot first</b>}
        description={`Consistent, verified and pinned. ${like.length === 0 ? "" : `${like.join(", ")}. `}If it fails, the restore does not start${mayLeaveOut ? "." : "; only then can it be left out."}`}
        checked={draft.safety}
        // Never off and locked: whoever turned it off can always turn it on again.
        disabled={draft.safety && !mayLeaveOut}
        onChange={(event) => onChange({ ...draft, safety: event.currentTarget.checked })}
      />
      {draft.safety && mayLeaveOut && (
        <Note tone="warn" title={without?.why ?? ""}>
          So it can be left out, with a reason.
        </Note>
      )}
      {!draft.safety && (
        <>
          <Note tone="bad" role="status" title={`What ${name} holds now is lost for good.`}>
            There is no way back without it. Go on only where no snapshot can be taken.
          </Note>
          <Textarea
            label="Why without a safety snapshot"
            description="Goes into the audit log."
            rows={2}
            resize="vertical"
            maxLength={reasonCharsMax}
            value={draft.withoutSafetyReason}
            onChange={(event) => onChange({ ...draft, withoutSafetyReason: event.currentTarget.value })}
          />
        </>
      )}
    </div>
  );
}

type FieldsProps = Change & { name: string; blocked: boolean };

/** The reason, the tokens of this act, and the name that has to be typed. */
export function ActFields({ draft, onChange, name, blocked }: FieldsProps) {
  return (
    <>
      <Textarea
        label="Reason"
        description="Goes into the audit log."
        rows={2}
        resize="vertical"
        maxLength={reasonCharsMax}
        value={draft.reason}
        onChange={(event) => onChange({ ...draft, reason: event.currentTarget.value })}
      />
      <OwnTokens
        token={draft.token}
        tokenAfter={draft.tokenAfter}
        onChange={(tokens) => onChange({ ...draft, ...tokens })}
      />
      <TypedName
        name={name}
        value={draft.typed}
        blocked={blocked}
        onChange={(typed) => onChange({ ...draft, typed })}
      />
    </>
  );
}

type TypedProps = { name: string; value: string; blocked: boolean; onChange: (value: string) => void };

function TypedName({ name, value, blocked, onChange }: TypedProps) {
  const matches = name !== "" && value.trim() === name;
  return (
    <TextInput
      className={classes.typed}
      data-ok={matches || undefined}
      label={
        <>
          Type <span className="mono">{name === "" ? "the datacenter" : name}</span> to confirm
        </>
      }
      size="md"
      value={value}
      disabled={name === "" || blocked}
      placeholder={blocked ? "Clear the block first" : ""}
      autoComplete="off"
      spellCheck={false}
      rightSection={matches ? <IconCheck className="c-good" role="img" aria-label="Matches" /> : null}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
