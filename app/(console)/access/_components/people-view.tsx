"use client";
import { Button } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { lazy } from "react";
import { useCan } from "#app/_client/use-viewer.ts";
import { DialogSlot } from "#app/_ui/dialog-slot.tsx";
import { Empty } from "#app/_ui/empty.tsx";
import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { formatCount } from "#app/_ui/format.ts";
import { Note } from "#app/_ui/note.tsx";
import { Panel } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { Tip } from "#app/_ui/tip.tsx";
import { useDialog } from "#app/_ui/use-dialog.ts";
import type { PeopleList, PersonView } from "#core/access/contract.ts";
import { everywhere } from "#core/kernel/permission.ts";
import { peopleQuery } from "../queries.ts";
import { AccessFrame } from "./access-frame.tsx";
import { PeopleTable } from "./people-table.tsx";
import type { PersonMenuAct } from "./person-menu.tsx";

const AddPersonDialog = lazy(() =>
  import("./add-person-dialog.tsx").then((module) => ({ default: module.AddPersonDialog })),
);
const RolesDialog = lazy(() =>
  import("./roles-dialog.tsx").then((module) => ({ default: module.RolesDialog })),
);
const PersonActDialog = lazy(() =>
  import("./person-act-dialog.tsx").then((module) => ({ default: module.PersonActDialog })),
);

type Open = { act: "add"; person: null } | { act: PersonMenuAct; person: PersonView };

/** People belong to no cluster, so that a role for one of them is not enough. */
const refusal = "Needs the role administrator for all clusters";

/** Who can sign in, and what they may. */
export function PeopleView() {
  const can = useCan("access.manage", everywhere);
  const people = useQuery({ ...peopleQuery, enabled: can.allowed });
  const dialog = useDialog<Open>();
  const list = people.data;
  const add = (
    <AddButton
      refusal={can.allowed ? null : refusal}
      onAdd={() => dialog.open({ act: "add", person: null })}
    />
  );
  return (
    <AccessFrame
      tab="people"
      actions={add}
      sub={list === undefined ? undefined : formatCount(list.people.length, "person", "people")}
    >
      {!can.allowed && <NotShown />}
      {can.allowed && people.error !== null && list === undefined && (
        <ErrorPanel
          title="The people could not be read"
          error={people.error}
          onRetry={() => void people.refetch()}
        />
      )}
      {list !== undefined && <BreakGlassNote list={list} />}
      {can.allowed && (list !== undefined || people.error === null) && (
        <Panel aria-busy={people.isPending}>
          {list === undefined && <SkeletonList rows={4} />}
          {list !== undefined && (
            <PeopleTable people={list.people} onAct={(act, person) => dialog.open({ act, person })} />
          )}
        </Panel>
      )}
      <DialogSlot dialog={dialog}>
        {(common, asked) => <OpenDialog asked={asked} provider={list?.provider ?? null} {...common} />}
      </DialogSlot>
    </AccessFrame>
  );
}

function NotShown() {
  return (
    <Panel>
      <Empty title="People are not shown" picture={false}>
        {refusal}. Your own roles, password and sessions are in{" "}
        <Link className="link" href="/account">
          your account
        </Link>
        .
      </Empty>
    </Panel>
  );
}

/** With an identity provider, its outage is the day on which nobody can sign in any more. */
function BreakGlassNote({ list }: { list: PeopleList }) {
  if (list.provider === null) return null;
  if (list.people.some((person) => person.breakGlass && person.disabledAt === null)) return null;
  return (
    <Note tone="warn" title="There is no break-glass account.">
      When {list.provider} is down, only local accounts can sign in. Make one of them a break-glass account.
    </Note>
  );
}

/** Off, it can still be reached and says why. */
function AddButton({ refusal, onAdd }: { refusal: string | null; onAdd: () => void }) {
  const button = (
    <Button
      variant="primary"
      leftSection={<IconUserPlus aria-hidden />}
      data-disabled={refusal !== null || undefined}
      aria-disabled={refusal !== null}
      onClick={() => refusal === null && onAdd()}
    >
      Add person…
      {refusal !== null && <span className="sr-only">, off: {refusal}</span>}
    </Button>
  );
  return refusal === null ? button : <Tip text={refusal}>{button}</Tip>;
}

type DialogProps = { asked: Open; provider: string | null; opened: boolean; onClose: () => void };

function OpenDialog({ asked, provider, ...common }: DialogProps) {
  if (asked.act === "add") return <AddPersonDialog provider={provider} {...common} />;
  if (asked.act === "roles") return <RolesDialog person={asked.person} {...common} />;
  return <PersonActDialog act={asked.act} person={asked.person} {...common} />;
}
