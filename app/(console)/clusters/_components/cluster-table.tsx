"use client";
import { useQuery } from "@tanstack/react-query";
import table from "#app/_ui/data-table.module.css";
import { formatObjective, unknownText } from "#app/_ui/format.ts";
import { Tag } from "#app/_ui/state-badge.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import type { ClusterView, DatacenterHealth } from "#core/clusters/contract.ts";
import { datacentersQuery } from "../../_shell/queries.ts";
import { ClusterMenu } from "./cluster-menu.tsx";
import type { ClusterAct } from "./clusters-view.tsx";

type Act = (act: ClusterAct, cluster: ClusterView) => void;

/** Value first, secrets only as whether there is one. Below 768 px each row is a list item. */
export function ClusterTable({ clusters, onAct }: { clusters: readonly ClusterView[]; onAct: Act }) {
  const { data } = useQuery(datacentersQuery);
  const healthOf = (cluster: ClusterView) =>
    data?.datacenters.filter((each) => each.clusterId === cluster.id) ?? [];
  return (
    <>
      <div className={`${table.scroll} from-768`}>
        <table className={table.table}>
          <thead>
            <tr>
              <th>Cluster</th>
              <th>Datacenters</th>
              <th>Addresses</th>
              <th>Consul</th>
              <th>TLS</th>
              <th>Token</th>
              <th className={table.num}>Objective</th>
              <th>
                <span className="sr-only">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {clusters.map((cluster) => (
              <ClusterRow key={cluster.id} cluster={cluster} health={healthOf(cluster)} onAct={onAct} />
            ))}
          </tbody>
        </table>
      </div>
      <ul className={`${table.list} below-768`}>
        {clusters.map((cluster) => (
          <ClusterItem key={cluster.id} cluster={cluster} health={healthOf(cluster)} onAct={onAct} />
        ))}
      </ul>
    </>
  );
}

type RowProps = { cluster: ClusterView; health: readonly DatacenterHealth[]; onAct: Act };

function ClusterRow({ cluster, health, onAct }: RowProps) {
  return (
    <tr className={table.row}>
      <td>
        <ClusterName cluster={cluster} />
      </td>
      <td>
        <Datacenters health={health} />
      </td>
      <td className="mono" title={cluster.addresses.join("\n")}>
        {cluster.addresses[0] ?? unknownText}
        {cluster.addresses.length > 1 && <span className="t3"> +{cluster.addresses.length - 1}</span>}
      </td>
      <td>{health.find((each) => each.consulVersion !== null)?.consulVersion ?? unknownText}</td>
      <td>
        <TlsText cluster={cluster} />
      </td>
      <td className="t2">{cluster.hasToken ? "stored" : "none"}</td>
      <td className={table.num}>{formatObjective(cluster.objectiveMinutes)}</td>
      <td>
        <ClusterMenu cluster={cluster} onAct={onAct} />
      </td>
    </tr>
  );
}

function ClusterItem({ cluster, health, onAct }: RowProps) {
  return (
    <li className={table.item}>
      <div className="grow">
        <ClusterName cluster={cluster} />
        <div className="mono t2 trunc">{cluster.addresses.join(", ")}</div>
        <div className={table.itemSmall}>
          <Datacenters health={health} />
        </div>
      </div>
      <ClusterMenu cluster={cluster} onAct={onAct} />
    </li>
  );
}

function ClusterName({ cluster }: { cluster: ClusterView }) {
  return (
    <span className="row">
      <span className="med trunc">{cluster.name}</span>
      {cluster.source === "environment" && <Tag>environment</Tag>}
    </span>
  );
}

function Datacenters({ health }: { health: readonly DatacenterHealth[] }) {
  if (health.length === 0) return <span className="t3">{unknownText}</span>;
  return (
    <span className="row" style={{ gap: 12 }}>
      {health.map((each) => (
        <DatacenterState key={each.datacenter} health={each} />
      ))}
    </span>
  );
}

function DatacenterState({ health }: { health: DatacenterHealth }) {
  switch (health.state) {
    case "ok":
      return <StateText state="ok" word={health.datacenter} />;
    case "no_leader":
      return (
        <StateText state="failed" word={health.datacenter} detail={health.problem ?? "No cluster leader"} />
      );
    case "unreachable":
      return <StateText state="failed" word={health.datacenter} detail="unreachable" />;
    case "unknown":
      return <StateText state="missing" word={health.datacenter} detail="not asked yet" />;
    default:
      return health.state satisfies never;
  }
}

/** Only https has a certificate to verify; a unix socket and plain HTTP say what they are. */
function TlsText({ cluster }: { cluster: ClusterView }) {
  if (!cluster.addresses.some((address) => address.startsWith("https://")))
    return <span className="t3">off</span>;
  if (!cluster.tlsVerify) return <StateText state="warning" word="not verified" />;
  return <span className="t2">{cluster.caPem === "" ? "verified" : "verified, own CA"}</span>;
}
