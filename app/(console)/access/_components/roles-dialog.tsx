"use client";
import { Button, Modal } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { peopleKeys } from "#app/_client/keys.ts";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { ModalFooter } from "#app/_ui/modal-footer.tsx";
import type { PersonView } from "#core/access/contract.ts";
import { placeKey } from "../_lib/grant-words.ts";
import { roleNames } from "../_lib/role-names.ts";
import { setGrants } from "../actions.ts";
import { firstDraft, type GrantDraft, GrantsEditor, newDraft, toGrants } from "./grants-editor.tsx";

type Props = { person: PersonView; opened: boolean; onClose: () => void };

export function RolesDialog({ person, opened, onClose }: Props) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={`Change roles of ${person.name}`}
      closeOnClickOutside={false}
    >
      <RolesForm person={person} onClose={onClose} />
    </Modal>
  );
}

/** A role that nobody knows any more holds nothing, so it isn't offered again. */
function draftsOf(person: PersonView): GrantDraft[] {
  const drafts = person.grants.flatMap((grant) => {
    const role = roleNames.find((name) => name === grant.role);
    return role === undefined ? [] : [newDraft(role, placeKey(grant))];
  });
  return drafts.length === 0 ? [firstDraft()] : drafts;
}

function RolesForm({ person, onClose }: { person: PersonView; onClose: () => void }) {
  const queries = useQueryClient();
  const [grants, setDrafts] = useState(() => draftsOf(person));
  const save = useMutation({
    mutationFn: () => unwrapped(setGrants({ id: person.id, grants: toGrants(grants) })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: peopleKeys.all });
      onClose();
    },
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <div className="stack" style={{ gap: 16 }}>
        <GrantsEditor value={grants} onChange={setDrafts} />
        {save.error !== null && <ErrorNote title="Not changed." error={save.error} />}
      </div>
      <ModalFooter
        hint={
          person.you
            ? "These are your own roles. They count from your next click on."
            : "They count at once, in sessions that are open too."
        }
      >
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" variant="primary" loading={save.isPending}>
          Change roles
        </Button>
      </ModalFooter>
    </form>
  );
}
