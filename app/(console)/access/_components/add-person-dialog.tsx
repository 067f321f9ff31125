"use client";
import { Button, Checkbox, Modal, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { peopleKeys } from "#app/_client/keys.ts";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { ModalFooter } from "#app/_ui/modal-footer.tsx";
import type { OneTimePassword } from "#core/access/contract.ts";
import { fieldErrors, formError } from "../_lib/field-errors.ts";
import { createPerson } from "../actions.ts";
import { firstDraft, GrantsEditor, toGrants } from "./grants-editor.tsx";
import { OneTimeSecret } from "./one-time-secret.tsx";

type Props = { provider: string | null; opened: boolean; onClose: () => void };

export function AddPersonDialog({ provider, opened, onClose }: Props) {
  const [made, setMade] = useState<OneTimePassword | null>(null);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={made === null ? "Add person" : `${made.name} was added`}
      closeOnClickOutside={false}
    >
      {made === null ? (
        <PersonForm provider={provider} onMade={setMade} onClose={onClose} />
      ) : (
        <PasswordShown made={made} onClose={onClose} />
      )}
    </Modal>
  );
}

/** For a new person, and for a password that was reset. */
export function PasswordShown({ made, onClose }: { made: OneTimePassword; onClose: () => void }) {
  return (
    <>
      <OneTimeSecret label="One-time password" text={made.password}>
        {`Pass it on to ${made.name} by a way that others don't read. They choose their own password with it.`}
      </OneTimeSecret>
      <ModalFooter>
        <Button variant="primary" onClick={onClose} data-autofocus>
          Done
        </Button>
      </ModalFooter>
    </>
  );
}

type FormProps = {
  provider: string | null;
  onMade: (made: OneTimePassword) => void;
  onClose: () => void;
};

function PersonForm({ provider, onMade, onClose }: FormProps) {
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [grants, setGrants] = useState(() => [firstDraft()]);
  const [breakGlass, setBreakGlass] = useState(false);
  const create = useMutation({
    gcTime: 0,
    mutationFn: () => unwrapped(createPerson({ name, grants: toGrants(grants), breakGlass })),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: peopleKeys.all });
      onMade(made);
    },
  });
  const errors = fieldErrors(create.error, ["name", "grants"]);
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
          label="Username"
          description="Letters a to z, digits, dot, dash, underscore. It can't be changed later."
          value={name}
          error={errors.name}
          required
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <GrantsEditor value={grants} onChange={setGrants} error={errors.grants} />
        <Checkbox
          label="Break-glass account"
          description={
            provider === null
              ? "Counts once an identity provider is set up: it may sign in while that is down."
              : `May sign in with its password while ${provider} is down.`
          }
          checked={breakGlass}
          onChange={(event) => setBreakGlass(event.currentTarget.checked)}
        />
        {formError(create.error, ["name", "grants"]) !== null && (
          <ErrorNote title="Not added." error={create.error} />
        )}
      </div>
      <ModalFooter hint="A one-time password is shown next.">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" variant="primary" loading={create.isPending}>
          Add person
        </Button>
      </ModalFooter>
    </form>
  );
}
