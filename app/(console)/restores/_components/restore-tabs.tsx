import Link from "next/link";
import css from "./restore-tabs.module.css";

const tabs = [
  { name: "restores", href: "/restores", words: "Restores" },
  { name: "drills", href: "/restores/drills", words: "Drills" },
  { name: "parts", href: "/restores/parts", words: "Parts" },
] as const;
type RestoreTab = (typeof tabs)[number]["name"];

/** Whole datacenters, proofs in a throwaway Consul, and parts. Links, because each is a page of its own. */
export function RestoreTabs({ tab }: { tab: RestoreTab }) {
  return (
    <nav className={css.tabs} aria-label="Kinds of restores">
      {tabs.map(({ name, href, words }) => (
        <Link
          key={name}
          href={href}
          className={css.tab}
          {...(name === tab ? { "aria-current": "page" } : {})}
        >
          {words}
        </Link>
      ))}
    </nav>
  );
}
