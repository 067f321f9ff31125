import { LinkTabs } from "#app/_ui/link-tabs.tsx";

const tabs = [
  { name: "restores", href: "/restores", words: "Restores" },
  { name: "drills", href: "/restores/drills", words: "Drills" },
  { name: "parts", href: "/restores/parts", words: "Parts" },
] as const;
type RestoreTab = (typeof tabs)[number]["name"];

/** Whole datacenters, proofs in a throwaway Consul, and parts. */
export function RestoreTabs({ tab }: { tab: RestoreTab }) {
  return <LinkTabs label="Kinds of restores" tabs={tabs} current={tab} />;
}
