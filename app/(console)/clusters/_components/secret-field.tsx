"use client";
import { Button, Input, PasswordInput } from "@mantine/core";
import { useId } from "react";
import type { SecretDraft } from "./cluster-draft.ts";
import css from "./cluster-form.module.css";

type Props = {
  label: string;
  stored: boolean;
  value: SecretDraft;
  onChange: (value: SecretDraft) => void;
  error?: string | undefined;
};

/** A secret goes in and never comes out: a stored one can be kept, replaced or removed. */
export function SecretField({ label, stored, value, onChange, error }: Props) {
  const id = useId();
  if (value.act === "replace") {
    return (
      <PasswordInput
        label={label}
        value={value.value}
        error={error}
        description="Encrypted at rest with the instance key, never shown again."
        placeholder="None"
        autoComplete="off"
        spellCheck={false}
        visibilityToggleButtonProps={{ "aria-label": `Show ${label}`, tabIndex: 0 }}
        rightSectionWidth={stored ? 34 : undefined}
        onChange={(event) => onChange({ act: "replace", value: event.currentTarget.value })}
      />
    );
  }
  return (
    <Input.Wrapper label={label} labelElement="div" labelProps={{ id }} error={error}>
      <fieldset className={css.secret} aria-labelledby={id}>
        <span className="grow trunc t3">
          {value.act === "keep" ? "Stored, never shown" : "Removed when saved"}
        </span>
        {value.act === "keep" ? (
          <>
            <Button size="xs" variant="ghost" onClick={() => onChange({ act: "replace", value: "" })}>
              Replace
            </Button>
            <Button size="xs" variant="ghost" onClick={() => onChange({ act: "remove" })}>
              Remove
            </Button>
          </>
        ) : (
          <Button size="xs" variant="ghost" onClick={() => onChange({ act: "keep" })}>
            Undo
          </Button>
        )}
      </fieldset>
    </Input.Wrapper>
  );
}
