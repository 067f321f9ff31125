import { Button } from "@mantine/core";
import { IconFileCode } from "@tabler/icons-react";
import type { Metadata } from "next";
import Link from "next/link";
import { getRuntime } from "#app/_server/runtime.ts";
import { requireViewer } from "#app/_server/session.ts";
import { Crumbs } from "#app/_ui/crumbs.tsx";
import { Note } from "#app/_ui/note.tsx";
import { PageHead } from "#app/_ui/page-head.tsx";
import { Endpoint } from "./_components/endpoint.tsx";
import { FindEndpoints } from "./_components/find-endpoints.tsx";
import { type EndpointView, toSections } from "./_lib/reference.ts";

export const metadata: Metadata = { title: "API reference" };

/** The document that programs read, for people; from the same schemas that check what comes in. */
export default async function ApiReferencePage() {
  await requireViewer();
  const sections = toSections(getRuntime().openApi());
  return (
    <>
      <Crumbs
        items={[
          { label: "Access", href: "/access" },
          { label: "API tokens", href: "/access?tab=tokens" },
          { label: "API reference" },
        ]}
      />
      <PageHead
        title="API reference"
        sub="JSON, below /api/v1"
        actions={
          // Not a page of Next, so no link of its own.
          <Button component="a" href="/api/v1/openapi.json" leftSection={<IconFileCode aria-hidden />}>
            OpenAPI document
          </Button>
        }
      />
      <Note title="Every call needs a token.">
        Send it as <span className="mono">Authorization: Bearer skt_…</span>. Make one under{" "}
        <Link className="link" href="/access?tab=tokens">
          API tokens
        </Link>
        . What is refused or fails answers <span className="mono">application/problem+json</span>; look at its{" "}
        <span className="mono">code</span>, the words in <span className="mono">detail</span> are for people.
        A call leaves the audit row that the same act leaves in the browser.
      </Note>
      <FindEndpoints
        sections={sections.map(({ tag, endpoints }) => ({
          tag,
          endpoints: endpoints.map((endpoint) => ({
            id: endpoint.id,
            words: wordsOf(endpoint),
            node: <Endpoint key={endpoint.id} endpoint={endpoint} />,
          })),
        }))}
      />
    </>
  );
}

function wordsOf({ method, path, summary, permission }: EndpointView): string {
  return `${method} ${path} ${summary} ${permission ?? ""}`.toLowerCase();
}
