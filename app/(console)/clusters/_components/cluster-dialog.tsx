"use client";
import { Button, Modal } from "@mantine/core";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { ModalFooter } from "#app/_ui/modal-footer.tsx";
import { Note } from "#app/_ui/note.tsx";
import type { ClusterView } from "#core/clusters/contract.ts";
import { ApprovalField } from "./approval-field.tsx";
import { ClusterFields } from "./cluster-fields.tsx";
import { ConnectionTest } from "./connection-test.tsx";
import { ObjectiveField } from "./objective-field.tsx";
import { useClusterForm } from "./use-cluster-form.ts";

type Props = { saved: ClusterView | null; opened: boolean; onClose: () => void };

/** Adds a cluster, or edits one. The name of a saved one may change: its snapshots follow its id. */
export function ClusterDialog({ saved, opened, onClose }: Props) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={saved === null ? "Add cluster" : `Edit ${saved.name}`}
      size={680}
      closeOnClickOutside={false}
    >
      <ClusterForm saved={saved} onClose={onClose} />
    </Modal>
  );
}

function ClusterForm({ saved, onClose }: { saved: ClusterView | null; onClose: () => void }) {
  const form = useClusterForm(saved, onClose);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void form.submit();
      }}
    >
      <div className="stack" style={{ gap: 16 }}>
        <ClusterFields draft={form.draft} onChange={form.setDraft} saved={saved} errors={form.fieldErrors} />
        <ObjectiveField
          value={form.draft.objectiveMinutes}
          error={form.fieldErrors.objectiveMinutes}
          onChange={(objectiveMinutes) => form.setDraft({ ...form.draft, objectiveMinutes })}
        />
        <ApprovalField
          value={form.draft.restoreApproval}
          onChange={(restoreApproval) => form.setDraft({ ...form.draft, restoreApproval })}
        />
        <ConnectionTest
          report={form.testing.report}
          pending={form.testing.pending}
          error={form.testing.error}
          outdated={form.outdated}
          onTest={() => void form.test()}
        />
        {form.failed && (
          <Note tone="warn" title="The connection did not pass.">
            It can be saved as it is, and tested again later.
          </Note>
        )}
        {form.saveError !== null && <ErrorNote title="Not saved." error={form.saveError} />}
      </div>
      <ModalFooter hint="Saving tests the connection first.">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" variant="primary" loading={form.saving || form.testing.pending}>
          {form.failed ? "Save anyway" : saved === null ? "Add cluster" : "Save"}
        </Button>
      </ModalFooter>
    </form>
  );
}
