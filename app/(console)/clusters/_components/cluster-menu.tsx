"use client";
import { IconPencil, IconPlugConnected, IconTrash } from "@tabler/icons-react";
import { useCan } from "#app/_client/use-viewer.ts";
import { ActionMenu } from "#app/_ui/action-menu.tsx";
import type { ClusterView } from "#core/clusters/contract.ts";
import type { ClusterAct } from "./clusters-view.tsx";

type Props = { cluster: ClusterView; onAct: (act: ClusterAct, cluster: ClusterView) => void };

const fromEnvironment =
  "Set by CONSUL_HTTP_ADDR and its kin in Snapkeep's environment. Change it there and restart.";

export function ClusterMenu({ cluster, onAct }: Props) {
  const can = useCan("cluster.manage", { clusterId: cluster.id, datacenter: null });
  const refusal = can.allowed ? null : can.reason;
  const reason = refusal ?? (cluster.source === "environment" ? fromEnvironment : null);
  const act = (name: ClusterAct) => () => onAct(name, cluster);
  return (
    <ActionMenu
      label={`Actions for ${cluster.name}`}
      actions={[
        { label: "Test connection", icon: IconPlugConnected, onSelect: act("test"), disabledReason: refusal },
        { label: "Edit…", icon: IconPencil, onSelect: act("edit"), disabledReason: reason },
        {
          label: "Remove…",
          icon: IconTrash,
          onSelect: act("remove"),
          disabledReason: reason,
          danger: true,
          rule: true,
        },
      ]}
    />
  );
}
