"use client";

import { Combobox, InputBase, useCombobox } from "@mantine/core";
import { IconChevronDown, IconServer } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { DatacenterHealth } from "#core/clusters/contract.ts";
import { datacentersQuery } from "../../_shell/queries.ts";
import classes from "./datacenter-select.module.css";
import { LeaderText } from "./leader-text.tsx";
import { Optional } from "./optional.tsx";

export type DatacenterChoice = { clusterId: string; datacenter: string };

type Props = {
  label: string;
  value: DatacenterChoice | null;
  onChange: (value: DatacenterChoice | null) => void;
  /** Choosing none is an answer too. */
  optional?: boolean;
  description?: ReactNode;
  disabled?: boolean;
};

const keyOf = (one: DatacenterChoice): string => `${one.clusterId}/${one.datacenter}`;

/** A datacenter of a known cluster, with its leader or its trouble beside it. */
export function DatacenterSelect({ label, value, onChange, optional = false, description, disabled }: Props) {
  const { data } = useQuery(datacentersQuery);
  const combobox = useCombobox({
    onDropdownClose: () => combobox.resetSelectedOption(),
    onDropdownOpen: () => combobox.updateSelectedOptionIndex("active"),
  });
  const all = data?.datacenters ?? [];
  const chosen = value === null ? undefined : all.find((one) => keyOf(one) === keyOf(value));

  function choose(key: string) {
    const next = all.find((one) => keyOf(one) === key);
    onChange(next ? { clusterId: next.clusterId, datacenter: next.datacenter } : null);
    combobox.closeDropdown();
  }

  return (
    <Combobox store={combobox} onOptionSubmit={choose}>
      <Combobox.Target targetType="button">
        <InputBase
          component="button"
          type="button"
          pointer
          label={
            <>
              {label}
              {optional && <Optional />}
            </>
          }
          description={description}
          disabled={disabled ?? false}
          rightSection={<IconChevronDown size={14} aria-hidden />}
          rightSectionPointerEvents="none"
          onClick={() => combobox.toggleDropdown()}
        >
          {chosen ? (
            <DatacenterLine one={chosen} />
          ) : (
            <span className="t3">{value?.datacenter ?? (optional ? "Not said" : "Choose a datacenter")}</span>
          )}
        </InputBase>
      </Combobox.Target>
      <Choices label={label} all={all} chosen={chosen} optional={optional} />
    </Combobox>
  );
}

type ChoicesProps = {
  label: string;
  all: readonly DatacenterHealth[];
  chosen: DatacenterHealth | undefined;
  optional: boolean;
};

function Choices({ label, all, chosen, optional }: ChoicesProps) {
  return (
    <Combobox.Dropdown>
      <Combobox.Options className={classes.options} aria-label={label}>
        {optional && (
          <Combobox.Option value="" active={chosen === undefined}>
            <span className="t2">Not said</span>
          </Combobox.Option>
        )}
        {all.map((one) => (
          <Combobox.Option key={keyOf(one)} value={keyOf(one)} active={one === chosen}>
            <DatacenterLine one={one} />
          </Combobox.Option>
        ))}
        {all.length === 0 && <Combobox.Empty>No datacenter is known yet</Combobox.Empty>}
      </Combobox.Options>
    </Combobox.Dropdown>
  );
}

function DatacenterLine({ one }: { one: DatacenterHealth }) {
  return (
    <span className={classes.line}>
      <IconServer aria-hidden className="t3" />
      <span className="trunc">
        <b className="med">{one.datacenter}</b> <span className="t3">{one.clusterName}</span>
      </span>
      <span className="grow" />
      <LeaderText one={one} />
    </span>
  );
}
