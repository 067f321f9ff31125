"use client";
import { Button, Modal } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type ActionResult, unwrapped } from "#app/_client/action-result.ts";
import { peopleKeys, tokenKeys } from "#app/_client/keys.ts";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { ModalFooter } from "#app/_ui/modal-footer.tsx";
import type { OneTimePassword, PersonView } from "#core/access/contract.ts";
import { actWords, type PersonAct } from "../_lib/person-acts.ts";
import {
  disablePerson,
  enablePerson,
  endSessions,
  removePerson,
  resetPassword,
  resetSecondFactor,
  setBreakGlass,
} from "../actions.ts";
import { PasswordShown } from "./add-person-dialog.tsx";

const calls: Record<PersonAct, (id: string) => Promise<ActionResult<{ id: string }>>> = {
  password: (id) => resetPassword({ id }),
  secondFactor: (id) => resetSecondFactor({ id }),
  sessions: (id) => endSessions({ id }),
  breakGlassOn: (id) => setBreakGlass({ id, breakGlass: true }),
  breakGlassOff: (id) => setBreakGlass({ id, breakGlass: false }),
  disable: (id) => disablePerson({ id }),
  enable: (id) => enablePerson({ id }),
  remove: (id) => removePerson({ id }),
};

type Props = { act: PersonAct; person: PersonView; opened: boolean; onClose: () => void };

/** Says what an act does to somebody before it is done. Focus starts on the safe choice. */
export function PersonActDialog({ act, person, opened, onClose }: Props) {
  const [made, setMade] = useState<OneTimePassword | null>(null);
  const words = actWords(act, person);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={made === null ? words.title : `The password of ${person.name} was reset`}
      size={480}
      closeOnClickOutside={made === null}
    >
      {made === null ? (
        <Confirm act={act} person={person} onMade={setMade} onClose={onClose} />
      ) : (
        <PasswordShown made={made} onClose={onClose} />
      )}
    </Modal>
  );
}

type ConfirmProps = Omit<Props, "opened"> & { onMade: (made: OneTimePassword) => void };

function Confirm({ act, person, onMade, onClose }: ConfirmProps) {
  const queries = useQueryClient();
  const words = actWords(act, person);
  const run = useMutation({
    gcTime: 0,
    mutationFn: () => unwrapped(calls[act](person.id)),
    onSuccess: async (answer) => {
      await queries.invalidateQueries({ queryKey: peopleKeys.all });
      await queries.invalidateQueries({ queryKey: tokenKeys.list });
      if (isOneTimePassword(answer)) onMade(answer);
      else onClose();
    },
  });
  return (
    <>
      <div className="stack" style={{ gap: 12 }}>
        {words.lines.map((line, at) => (
          <p key={line} className={at === 0 ? undefined : "t2"}>
            {line}
          </p>
        ))}
        {person.you && words.danger && (
          <p className="c-warn med">This is your own account: you are signed out at once.</p>
        )}
        {run.error !== null && <ErrorNote title={words.failed} error={run.error} />}
      </div>
      <ModalFooter>
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button
          variant={words.danger ? "danger" : "primary"}
          loading={run.isPending}
          onClick={() => run.mutate()}
        >
          {words.confirm}
        </Button>
      </ModalFooter>
    </>
  );
}

const isOneTimePassword = (answer: { id: string }): answer is OneTimePassword => "password" in answer;
