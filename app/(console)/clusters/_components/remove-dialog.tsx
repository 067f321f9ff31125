"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { unwrapped } from "#app/_client/action-result.ts";
import { clusterKeys } from "#app/_client/keys.ts";
import { ConfirmDialog } from "#app/_ui/confirm-dialog.tsx";
import type { ClusterView } from "#core/clusters/contract.ts";
import { removeCluster } from "../actions.ts";

type Props = { cluster: ClusterView; opened: boolean; onClose: () => void };

export function RemoveDialog({ cluster, opened, onClose }: Props) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => unwrapped(removeCluster({ id: cluster.id })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: clusterKeys.list });
      await queries.invalidateQueries({ queryKey: clusterKeys.datacenters });
      onClose();
    },
  });
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={`Remove ${cluster.name}`}
      confirmLabel={`Remove ${cluster.name}`}
      cancelLabel="Keep"
      onConfirm={() => remove.mutate()}
      pending={remove.isPending}
      error={remove.error}
      errorTitle="Not removed."
    >
      <p>
        Snapkeep forgets {forgotten(cluster)}, and takes no more snapshots of it. Nothing changes in Consul.
      </p>
      <p className="t2">Archives that are stored stay in the history and can still be downloaded.</p>
    </ConfirmDialog>
  );
}

function forgotten(cluster: ClusterView): string {
  if (cluster.hasToken && cluster.hasClientKey) return "its addresses, token and client key";
  if (cluster.hasToken) return "its addresses and token";
  return cluster.hasClientKey ? "its addresses and client key" : "its addresses";
}
