"use client";
import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { formatCount } from "#app/_ui/format.ts";
import { Panel } from "#app/_ui/panel.tsx";
import css from "./reference.module.css";

/** An endpoint that the server has drawn, and the words by which it is found. */
export type Found = { id: string; words: string; node: ReactNode };
type Props = { sections: readonly { tag: string; endpoints: readonly Found[] }[] };

/** Every word that is typed has to stand in an endpoint's method, path, summary or permission. */
export function FindEndpoints({ sections }: Props) {
  const [text, setText] = useState("");
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = sections
    .map(({ tag, endpoints }) => ({
      tag,
      endpoints: endpoints.filter(({ words }) => wanted.every((word) => words.includes(word))),
    }))
    .filter(({ endpoints }) => endpoints.length > 0);
  const count = shown.reduce((sum, { endpoints }) => sum + endpoints.length, 0);
  return (
    <>
      <div className="row" style={{ flexWrap: "wrap" }}>
        <TextInput
          className={css.find}
          type="search"
          aria-label="Find endpoint"
          placeholder="Find endpoint"
          leftSection={<IconSearch aria-hidden />}
          value={text}
          autoComplete="off"
          spellCheck={false}
          data-filter-input
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => event.key === "Escape" && setText("")}
        />
        <span className="t3 fs12" role="status">
          {count === 0 ? "No endpoint matches" : formatCount(count, "endpoint")}
        </span>
      </div>
      {shown.map(({ tag, endpoints }) => (
        <section key={tag} className={css.section} aria-labelledby={`tag-${tag}`}>
          <h2 className={css.heading} id={`tag-${tag}`}>
            {tag}
          </h2>
          <Panel className={css.panel}>{endpoints.map(({ node }) => node)}</Panel>
        </section>
      ))}
    </>
  );
}
