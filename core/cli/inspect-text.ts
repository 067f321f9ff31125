import { type Inspection, toConsulInspectTable } from "#core/archive/index.ts";
import type { Inspected } from "./inspect.ts";
import { countOf, formatBytes } from "./numbers.ts";
import { type Row, writeTable } from "./table.ts";
import { visible } from "./visible-text.ts";

type Write = (text: string) => Promise<void> | undefined;

/** Consul's own table, and below it what Consul does not tell. The report must have a meta.json. */
export async function writeInspection(write: Write, inspected: Inspected, kvDetails: boolean): Promise<void> {
  const { report, inspection } = inspected;
  const meta = report.meta === null ? null : { ...report.meta, id: visible(report.meta.id) };
  await write(toConsulInspectTable({ ...report, meta }, visibleNames(inspection), { kvDetails }));
  await write("\n");
  const { unlisted } = inspection.kv;
  if (kvDetails && unlisted.count > 0) {
    await write(` ${countOf(unlisted.count, "key")} in more prefixes than are listed\n\n`);
  }
  await writeTable(write, [" What", "Snapkeep's facts"], toFacts(inspection));
  if (inspection.servers.length === 0) return;
  await write("\n");
  const servers = inspection.servers.map(({ node, address, suffrage, version, id }) =>
    [` ${node ?? "-"}`, address, suffrage, version ?? "-", id].map(visible),
  );
  await writeTable(write, [" Server", "Address", "Suffrage", "Version", "ID"], servers);
}

/** Consul prints prefixes as they are; a name with a line break would forge a line here. */
function visibleNames(inspection: Inspection): Inspection {
  const prefixes = inspection.kv.prefixes.map((each) => ({ ...each, prefix: visible(each.prefix) }));
  return { ...inspection, kv: { ...inspection.kv, prefixes } };
}

function toFacts(inspection: Inspection): Row[] {
  const { kv, counts } = inspection;
  const list = ({ names, hasMore }: Inspection["datacenters"]) =>
    names.length === 0 ? "-" : visible(names.join(", ")) + (hasMore ? ", …" : "");
  const largest = kv.count === 0 ? "" : `, the largest ${formatBytes(kv.largestValueBytes)}`;
  return [
    [" Created", inspection.createdAt ?? "-"],
    [" Edition", inspection.edition],
    [" Datacenters", list(inspection.datacenters)],
    [" Server versions", list(inspection.serverVersions)],
    [" Consul versions", list(inspection.consulVersions)],
    [" Cluster ID", visible(inspection.clusterId ?? "-")],
    [" Keys", `${countOf(kv.count, "key")}, ${formatBytes(kv.valueBytes)} of values${largest}`],
    [
      " Catalog",
      [
        countOf(counts.nodes, "node"),
        countOf(counts.services, "service instance"),
        countOf(counts.checks, "check"),
        countOf(counts.sessions, "session"),
      ].join(", "),
    ],
    [
      " ACL",
      [
        countOf(counts.aclTokens, "token"),
        countOf(counts.aclPolicies, "policy", "policies"),
        countOf(counts.aclRoles, "role"),
      ].join(", "),
    ],
    [
      " Mesh",
      [
        countOf(counts.configEntries, "config entry", "config entries"),
        countOf(counts.intentions, "intention"),
        countOf(counts.peerings, "peering"),
      ].join(", "),
    ],
  ];
}
