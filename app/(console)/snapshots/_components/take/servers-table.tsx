"use client";

import { Radio } from "@mantine/core";
import table from "#app/_ui/data-table.module.css";
import { formatDuration, formatNumber, unknownText } from "#app/_ui/format.ts";
import { StateBadge } from "#app/_ui/state-badge.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import type { ServerAnswer } from "#core/clusters/contract.ts";
import { lastContactQuietMs } from "../../_lib/vocabulary.ts";
import classes from "./take.module.css";

type Props = {
  servers: readonly ServerAnswer[];
  picked: ServerAnswer | null;
  onPick: (server: ServerAnswer) => void;
};

const none = <span className="t3">{unknownText}</span>;

/** Every server of the datacenter with what it says of itself; those that answer can be picked. */
export function ServersTable({ servers, picked, onPick }: Props) {
  return (
    <div className={classes.servers}>
      <table className={`${table.table} ${table.compact}`} aria-label="Servers">
        <thead>
          <tr>
            <th>
              <span className="sr-only">Take from</span>
            </th>
            <th>Server</th>
            <th>Answers</th>
            <th className={`from-768 ${table.num}`}>X-Consul-Index</th>
            <th className="from-768">KnownLeader</th>
            <th className={table.num}>LastContact</th>
          </tr>
        </thead>
        <tbody>
          {servers.map((server) => (
            <ServerRow
              key={`${server.serverAddress}-${server.httpAddress}`}
              server={server}
              picked={server === picked}
              onPick={() => onPick(server)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

type RowProps = { server: ServerAnswer; picked: boolean; onPick: () => void };

function ServerRow({ server, picked, onPick }: RowProps) {
  return (
    <tr className={table.row} data-selected={picked}>
      <td>
        <Radio
          name="server"
          checked={picked}
          disabled={!server.answers || server.httpAddress === null}
          aria-label={`Take from ${nameOf(server)}`}
          onChange={onPick}
        />
      </td>
      <td className="mono">{nameOf(server)}</td>
      <td>
        <StateText state={server.answers ? "ok" : "failed"} word={server.answerText} />
      </td>
      <td className={`from-768 ${table.num}`}>{server.index === null ? none : formatNumber(server.index)}</td>
      <td className="from-768">
        {server.knownLeader === null ? none : <span className="mono">{String(server.knownLeader)}</span>}
      </td>
      <td className={table.num}>
        <Contact server={server} />
      </td>
    </tr>
  );
}

const nameOf = (server: ServerAnswer): string => server.serverAddress ?? server.httpAddress ?? "unknown";

function Contact({ server }: { server: ServerAnswer }) {
  if (server.lastContactMs === null) return none;
  const words = formatDuration(server.lastContactMs);
  if (server.lastContactMs <= lastContactQuietMs) return words;
  return <StateBadge state="stale" word={words} />;
}
