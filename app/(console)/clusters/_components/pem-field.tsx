"use client";
import { ActionIcon, Button, Input, Textarea } from "@mantine/core";
import { IconFileCertificate, IconX } from "@tabler/icons-react";
import { useId, useRef, useState } from "react";
import css from "./cluster-form.module.css";

type Props = {
  label: string;
  value: string;
  onChange: (pem: string) => void;
  hint?: string | undefined;
  error?: string | undefined;
};

/** A PEM from a file or from the clipboard. The file is read here; only its text goes to the server. */
export function PemField({ label, value, onChange, hint, error }: Props) {
  const id = useId();
  const file = useRef<HTMLInputElement>(null);
  const [fileName, setFileName] = useState<string | null>(null);
  const [pasting, setPasting] = useState(false);
  const take = async (chosen: File | undefined) => {
    if (chosen === undefined) return;
    setFileName(chosen.name);
    setPasting(false);
    onChange(await chosen.text());
  };
  if (pasting) {
    return (
      <Textarea
        label={label}
        value={value}
        error={error}
        rows={3}
        autoFocus
        spellCheck={false}
        placeholder="-----BEGIN CERTIFICATE-----"
        classNames={{ input: css.pem ?? "" }}
        onBlur={() => setPasting(value === "" ? false : pasting)}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  const shown = value === "" ? null : (fileName ?? "Certificate stored");
  return (
    <Input.Wrapper label={label} labelElement="div" labelProps={{ id }} description={hint} error={error}>
      <fieldset className={css.secret} aria-labelledby={id}>
        <IconFileCertificate size={14} className="t3" aria-hidden />
        <span className={shown === null ? "grow trunc t3" : "grow trunc"}>{shown ?? "None"}</span>
        {shown === null ? (
          <>
            <Button size="xs" variant="ghost" onClick={() => file.current?.click()}>
              Choose…
            </Button>
            <Button size="xs" variant="ghost" onClick={() => setPasting(true)}>
              Paste
            </Button>
          </>
        ) : (
          <ActionIcon
            size="xs"
            aria-label={`Remove ${label}`}
            onClick={() => {
              setFileName(null);
              onChange("");
            }}
          >
            <IconX size={14} aria-hidden />
          </ActionIcon>
        )}
        <input
          ref={file}
          type="file"
          hidden
          accept=".pem,.crt,.cer,.key,application/x-pem-file"
          onChange={(event) => void take(event.currentTarget.files?.[0])}
        />
      </fieldset>
    </Input.Wrapper>
  );
}
