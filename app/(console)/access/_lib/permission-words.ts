import type { Permission } from "#core/kernel/permission.ts";

export type PermissionWords = { permission: Permission; does: string; note?: string };
export type PermissionGroup = { title: string; permissions: readonly PermissionWords[] };

/** What each permission means to a person. The type makes a new permission without words a compile error. */
const words: Record<Permission, { group: string; does: string; note?: string }> = {
  "cluster.read": { group: "Clusters", does: "See clusters, datacenters and their health" },
  "cluster.manage": {
    group: "Clusters",
    does: "Add, change and remove clusters",
    note: "Sets the token that Snapkeep uses in Consul.",
  },
  "snapshot.read": { group: "Snapshots", does: "See the history, names of keys and what changed" },
  "snapshot.values": {
    group: "Snapshots",
    does: "Read the values of keys",
    note: "What looks like a credential stays closed.",
  },
  "secret.reveal": {
    group: "Snapshots",
    does: "Reveal what is closed, with a reason",
    note: "Credentials, ACL tokens and private keys, for a minute, in the audit log.",
  },
  "snapshot.take": { group: "Snapshots", does: "Take snapshots, and cancel them" },
  "snapshot.upload": { group: "Snapshots", does: "Upload archives" },
  "snapshot.pin": { group: "Snapshots", does: "Pin and unpin" },
  "snapshot.delete": { group: "Snapshots", does: "Delete snapshots that are not pinned" },
  "snapshot.download": {
    group: "Snapshots",
    does: "Download archives",
    note: "Whoever holds an archive holds every secret in it.",
  },
  "restore.read": { group: "Restores", does: "See restores and what they would replace" },
  "restore.run": { group: "Restores", does: "Restore a snapshot, or a part of one, into a datacenter" },
  "restore.approve": { group: "Restores", does: "Approve somebody else's restore" },
  "drill.run": {
    group: "Restores",
    does: "Drill a snapshot, and choose when drills run",
    note: "Restores into a Consul of its own, which is thrown away.",
  },
  "audit.read": { group: "Audit log", does: "Read, verify and export the audit log" },
  "audit.manage": { group: "Audit log", does: "Archive old entries, anchor the head" },
  "token.make": { group: "Access", does: "Make API tokens that may no more than oneself" },
  "access.manage": {
    group: "Access",
    does: "Manage people, roles, sessions and everybody's tokens",
    note: "For all clusters only.",
  },
};

/** The permissions in the order in which they are read, under their headings. */
export function permissionGroups(): PermissionGroup[] {
  const groups = new Map<string, PermissionWords[]>();
  for (const [permission, { group, ...rest }] of Object.entries(words)) {
    groups.set(group, [...(groups.get(group) ?? []), { permission: permission as Permission, ...rest }]);
  }
  return [...groups].map(([title, permissions]) => ({ title, permissions }));
}
