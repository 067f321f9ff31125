"use client";
import { ActionIcon, Button, Select } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useId, useRef } from "react";
import type { Role } from "#core/access/contract.ts";
import { covers, everywhere } from "#core/kernel/permission.ts";
import { placeKey, placeOfKey, placeWords } from "../_lib/grant-words.ts";
import { type Givable, roleNames, roleWords } from "../_lib/role-names.ts";
import { type ClusterPlaces, usePlaces } from "../_lib/use-places.ts";
import css from "./access.module.css";

/** A row of the editor; `key` tells rows apart that say the same while they are edited. */
export type GrantDraft = { key: number; role: Role; place: string };

export const newDraft = (role: Role, place = ""): GrantDraft => ({ key: nextKey(), role, place });

let lastKey = 0;
function nextKey(): number {
  lastKey += 1;
  return lastKey;
}

/** What the contract takes, each grant once. */
export function toGrants(drafts: readonly GrantDraft[]) {
  const unique = new Map(drafts.map((draft) => [`${draft.role} ${draft.place}`, draft]));
  return [...unique.values()].map(({ role, place }) => ({ role, ...placeOfKey(place) }));
}

type Props = {
  value: readonly GrantDraft[];
  onChange: (value: GrantDraft[]) => void;
  /** What may be given at most; without, everything everywhere. */
  givable?: Givable;
  error?: string | undefined;
};

/** Roles, each for all clusters, for one, or for one datacenter. What can't be given stays in the list, off. */
export function GrantsEditor({ value, onChange, givable, error }: Props) {
  const id = useId();
  const add = useRef<HTMLButtonElement>(null);
  const clusters = usePlaces();
  const change = (changed: GrantDraft) =>
    onChange(value.map((draft) => (draft.key === changed.key ? changed : draft)));
  const remove = (key: number) => {
    onChange(value.filter((draft) => draft.key !== key));
    add.current?.focus();
  };
  return (
    <fieldset className={css.editor} aria-labelledby={id}>
      <div id={id} className={css.label} style={{ marginBottom: 0 }}>
        Roles
      </div>
      {value.map((draft, at) => (
        <div key={draft.key} className={css.grant}>
          <RoleSelect
            draft={draft}
            number={at + 1}
            givable={givable}
            onChange={(role) => change({ ...draft, role, place: placeFor(role, draft.place, givable) })}
          />
          <PlaceSelect
            draft={draft}
            number={at + 1}
            clusters={clusters}
            givable={givable}
            onChange={(place) => change({ ...draft, place })}
          />
          <ActionIcon
            aria-label={`Remove role ${at + 1}`}
            disabled={value.length === 1}
            onClick={() => remove(draft.key)}
          >
            <IconX size={14} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <div className="row">
        <Button
          ref={add}
          size="xs"
          variant="ghost"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => onChange([...value, firstDraft(givable)])}
        >
          Add role
        </Button>
        {error !== undefined && <span className="fs12 c-bad med">{error}</span>}
      </div>
    </fieldset>
  );
}

/** The weakest role that may be given, where it may be. */
export function firstDraft(givable?: Givable): GrantDraft {
  const role = roleNames.find((name) => givable === undefined || givable[name]?.length !== 0) ?? "viewer";
  return newDraft(role, placeFor(role, "", givable));
}

/** The place that was chosen, or the first in which this role may be given. */
function placeFor(role: Role, place: string, givable: Givable | undefined): string {
  if (mayGive(role, place, givable)) return place;
  const first = givable?.[role]?.[0];
  return first === undefined ? "" : placeKey(first);
}

function mayGive(role: Role, place: string, givable: Givable | undefined): boolean {
  const places = givable?.[role];
  if (places === undefined || places === null) return true;
  return places.some((within) => covers(within, placeOfKey(place)));
}

type RoleProps = {
  draft: GrantDraft;
  number: number;
  givable: Givable | undefined;
  onChange: (role: Role) => void;
};

function RoleSelect({ draft, number, givable, onChange }: RoleProps) {
  return (
    <Select
      aria-label={`Role ${number}`}
      value={draft.role}
      data={roleNames.map((role) => ({
        value: role,
        label: role,
        disabled: givable?.[role]?.length === 0,
      }))}
      comboboxProps={{ width: 320, position: "bottom-start" }}
      renderOption={({ option }) => (
        <span>
          <span className="med">{option.label}</span>
          <br />
          <span className="fs12 t3">
            {option.disabled === true ? "more than you hold" : roleWords[toRole(option.value)]}
          </span>
        </span>
      )}
      onChange={(role) => role !== null && onChange(toRole(role))}
    />
  );
}

const toRole = (text: string): Role => roleNames.find((role) => role === text) ?? "viewer";

type PlaceProps = {
  draft: GrantDraft;
  number: number;
  clusters: readonly ClusterPlaces[];
  givable: Givable | undefined;
  onChange: (place: string) => void;
};

function PlaceSelect({ draft, number, clusters, givable, onChange }: PlaceProps) {
  const option = (place: string) => ({
    value: place,
    label: placeWords(placeOfKey(place), clusters),
    disabled: !mayGive(draft.role, place, givable),
  });
  const known = [
    placeKey(everywhere),
    ...clusters.flatMap(({ id, datacenters }) => [
      id,
      ...datacenters.map((datacenter) => placeKey({ clusterId: id, datacenter })),
    ]),
  ];
  // A cluster that was removed, or a datacenter that doesn't answer now, stays what it is until it is changed.
  const places = known.includes(draft.place) ? known : [...known, draft.place];
  return (
    <Select
      aria-label={`Where role ${number} holds`}
      value={draft.place}
      data={places.map(option)}
      searchable={places.length > 9}
      onChange={(place) => place !== null && onChange(place)}
    />
  );
}
