"use client";
import { Switch } from "@mantine/core";
import type { ClusterView } from "#core/clusters/contract.ts";

type Policy = ClusterView["restoreApproval"];
type Props = { value: Policy; onChange: (value: Policy) => void };

/** Four eyes for whatever replaces the data of the whole cluster. */
export function ApprovalField({ value, onChange }: Props) {
  return (
    <Switch
      label="A restore needs a second person"
      description="Somebody else has to agree within one hour, before anything is sent to Consul."
      checked={value === "second-person"}
      onChange={(event) => onChange(event.currentTarget.checked ? "second-person" : "none")}
    />
  );
}
