import {
  type Icon,
  IconGitCompare,
  IconLayoutDashboard,
  IconListSearch,
  IconRestore,
  IconServer2,
  IconStack2,
  IconUsers,
} from "@tabler/icons-react";
import type { Permission } from "#app/_client/use-viewer.ts";

export type Area = {
  href: string;
  name: string;
  icon: Icon;
  /** The second key after `g`. */
  key?: string;
  /** Without this permission the area isn't listed. */
  permission?: Permission;
  /** Five tabs are all that a phone has room for; this one stands under More there. */
  underMore?: boolean;
};

export const areas: readonly Area[] = [
  { href: "/", name: "Overview", icon: IconLayoutDashboard, key: "o" },
  { href: "/snapshots", name: "Snapshots", icon: IconStack2, key: "s" },
  { href: "/compare", name: "Compare", icon: IconGitCompare, key: "c", underMore: true },
  { href: "/restores", name: "Restores", icon: IconRestore, key: "r" },
  { href: "/audit", name: "Audit log", icon: IconListSearch, key: "a", permission: "audit.read" },
];

export const settings: readonly Area[] = [
  { href: "/clusters", name: "Clusters", icon: IconServer2 },
  { href: "/access", name: "Access", icon: IconUsers },
];

/** Whether `path` is the area's page or a page below it. */
export function isInArea(path: string, area: Area): boolean {
  return area.href === "/" ? path === "/" : path === area.href || path.startsWith(`${area.href}/`);
}

export function areaOf(path: string): Area | undefined {
  return [...areas, ...settings].find((area) => isInArea(path, area));
}
