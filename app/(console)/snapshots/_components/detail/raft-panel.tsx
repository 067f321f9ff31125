"use client";

import { IconCrown } from "@tabler/icons-react";
import table from "#app/_ui/data-table.module.css";
import { Facts } from "#app/_ui/facts.tsx";
import { formatNumber } from "#app/_ui/format.ts";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { Tag } from "#app/_ui/state-badge.tsx";
import { TableScroll } from "#app/_ui/table-scroll.tsx";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import classes from "./detail.module.css";

/** The archive's own account of itself: where the log stood and who the servers were. */
export function RaftPanel({ row }: { row: SnapshotDetail }) {
  const { meta } = row;
  if (meta === null) return null;
  return (
    <Panel>
      <PanelHeader title="Raft" actions={<span className="t3 fs12">from meta.json</span>} />
      <Facts
        className={classes.facts}
        facts={[
          {
            label: "Index, term",
            value: <span className="tn">{`${formatNumber(meta.index)}, ${formatNumber(meta.term)}`}</span>,
          },
          {
            label: "Configuration index",
            value: <span className="tn">{formatNumber(meta.configurationIndex)}</span>,
          },
          { label: "Snapshot version", value: meta.version },
          { label: "Raft snapshot", value: <span className="mono">{meta.id}</span> },
        ]}
      />
      <Servers servers={meta.servers} leader={row.leader} />
    </Panel>
  );
}

type ServersProps = { servers: NonNullable<SnapshotDetail["meta"]>["servers"]; leader: string | null };

function Servers({ servers, leader }: ServersProps) {
  return (
    <TableScroll label="Raft servers" className={classes.scroll ?? ""}>
      <table className={`${table.table} ${table.compact} ${classes.lined}`} aria-label="Raft servers">
        <thead>
          <tr>
            <th>Server</th>
            <th>Address</th>
            <th>Suffrage</th>
          </tr>
        </thead>
        <tbody>
          {servers.map((server) => (
            <tr key={server.id}>
              <td>
                <span className={`mono ${classes.server}`} title={server.id}>
                  {server.id}
                </span>{" "}
                {server.address === leader && (
                  <Tag>
                    <IconCrown size={12} aria-hidden />
                    leader
                  </Tag>
                )}
              </td>
              <td className="mono">{server.address}</td>
              <td>{server.suffrage}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
