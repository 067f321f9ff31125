"use client";
import { Button, Input, Modal, SegmentedControl, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { tokenKeys } from "#app/_client/keys.ts";
import { CliStrip } from "#app/_ui/cli-strip.tsx";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { ModalFooter } from "#app/_ui/modal-footer.tsx";
import { fieldErrors, formError } from "../_lib/field-errors.ts";
import type { Givable } from "../_lib/role-names.ts";
import { curlExample, lifeDaysDefault, lives } from "../_lib/token-words.ts";
import { createToken } from "../actions.ts";
import css from "./access.module.css";
import { firstDraft, GrantsEditor, toGrants } from "./grants-editor.tsx";
import { OneTimeSecret } from "./one-time-secret.tsx";

type Props = { givable: Givable; opened: boolean; onClose: () => void };
type Made = { name: string; text: string };

export function NewTokenDialog({ givable, opened, onClose }: Props) {
  const [made, setMade] = useState<Made | null>(null);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={made === null ? "New API token" : `Token ${made.name}`}
      closeOnClickOutside={false}
    >
      {made === null ? (
        <TokenForm givable={givable} onMade={setMade} onClose={onClose} />
      ) : (
        <TokenShown text={made.text} onClose={onClose} />
      )}
    </Modal>
  );
}

const fields = ["name", "grants", "lifeDays"] as const;

type FormProps = { givable: Givable; onMade: (made: Made) => void; onClose: () => void };

function TokenForm({ givable, onMade, onClose }: FormProps) {
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [grants, setGrants] = useState(() => [firstDraft(givable)]);
  const [lifeDays, setLifeDays] = useState<number | null>(lifeDaysDefault);
  const create = useMutation({
    gcTime: 0,
    mutationFn: () => unwrapped(createToken({ name, grants: toGrants(grants), lifeDays })),
    onSuccess: async ({ token, text }) => {
      await queries.invalidateQueries({ queryKey: tokenKeys.list });
      onMade({ name: token.name, text });
    },
  });
  const errors = fieldErrors(create.error, fields);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate();
      }}
    >
      <div className="stack" style={{ gap: 16 }}>
        <TextInput
          label="Name"
          description="What uses it. The audit log shows it as api: and this name."
          placeholder="ci-deploy"
          value={name}
          error={errors.name}
          required
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <GrantsEditor value={grants} onChange={setGrants} givable={givable} error={errors.grants} />
        <LifeField value={lifeDays} onChange={setLifeDays} error={errors.lifeDays} />
        {formError(create.error, fields) !== null && <ErrorNote title="Not made." error={create.error} />}
      </div>
      <ModalFooter hint="It can do at most what you can, at any moment: lose a role, and it loses it too.">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" variant="primary" loading={create.isPending}>
          Make token
        </Button>
      </ModalFooter>
    </form>
  );
}

type LifeProps = {
  value: number | null;
  onChange: (days: number | null) => void;
  error: string | undefined;
};

function LifeField({ value, onChange, error }: LifeProps) {
  const id = useId();
  return (
    <Input.Wrapper
      label="Expires after"
      labelElement="div"
      labelProps={{ id }}
      error={error}
      description={value === null ? "Whoever finds it in years can still use it." : undefined}
    >
      <div>
        <SegmentedControl
          aria-labelledby={id}
          value={String(value)}
          data={lives.map(({ days, label }) => ({ value: String(days), label }))}
          onChange={(chosen) => onChange(lives.find(({ days }) => String(days) === chosen)?.days ?? null)}
        />
      </div>
    </Input.Wrapper>
  );
}

function TokenShown({ text, onClose }: { text: string; onClose: () => void }) {
  return (
    <>
      <div className="stack" style={{ gap: 16 }}>
        <OneTimeSecret label="Token" text={text}>
          Put it where the program reads its secrets. Snapkeep keeps only a hash of it.
        </OneTimeSecret>
        <div>
          <span className={css.label}>Try it, with the token in SNAPKEEP_TOKEN</span>
          <CliStrip command={curlExample(window.location.origin)} label="Copy curl command" />
        </div>
      </div>
      <ModalFooter>
        <Button variant="primary" onClick={onClose} data-autofocus>
          Done
        </Button>
      </ModalFooter>
    </>
  );
}
