"use client";
import { Modal } from "@mantine/core";
import { useEffect } from "react";
import type { ClusterView } from "#core/clusters/contract.ts";
import { testInputOf } from "./cluster-draft.ts";
import { ConnectionTest } from "./connection-test.tsx";
import { useConnectionTest } from "./use-connection-test.ts";

type Props = { cluster: ClusterView; opened: boolean; onClose: () => void };

/** Tests a saved connection as it is, with its stored secrets; it runs as soon as it opens. */
export function TestDialog({ cluster, opened, onClose }: Props) {
  const { run, report, pending, error } = useConnectionTest();
  useEffect(() => {
    run(testInputOf(cluster)).catch(() => undefined);
  }, [run, cluster]);
  return (
    <Modal opened={opened} onClose={onClose} title={`Test ${cluster.name}`}>
      <ConnectionTest
        report={report}
        pending={pending}
        error={error}
        onTest={() => void run(testInputOf(cluster)).catch(() => undefined)}
      />
    </Modal>
  );
}
