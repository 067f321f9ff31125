import { describe, expect, it } from "vitest";
import { toSections } from "./reference.ts";
import type { Json } from "./schema-fields.ts";

const string = { type: "string" };
const json = (schema: Json) => ({ content: { "application/json": { schema } } });
const token = '-H "Authorization: Bearer $SNAPKEEP_TOKEN"';

const document: Json = {
  servers: [{ url: "https://keep.example/api/v1" }],
  paths: {
    "/snapshots": {
      get: { tags: ["snapshots"], summary: "The history", responses: { 200: json({}) } },
      post: {
        tags: ["snapshots"],
        summary: "Take",
        "x-permission": "snapshot.take",
        requestBody: json({
          type: "object",
          properties: { clusterId: string, note: { type: "string", default: "" } },
          required: ["clusterId"],
        }),
        responses: {
          202: { description: "It has begun.", ...json({ type: "object", properties: { id: string } }) },
        },
      },
    },
    "/snapshots/{id}/archive": {
      head: { tags: ["snapshots"], responses: { 200: {} } },
      get: {
        tags: ["snapshots"],
        parameters: [{ name: "id", in: "path", required: true, schema: string }],
        responses: { 200: { content: { "application/x-gzip": {} } } },
      },
    },
    "/snapshots/upload": {
      post: {
        tags: ["snapshots"],
        parameters: [{ name: "fileName", in: "query", required: true, schema: string }],
        requestBody: { content: { "application/octet-stream": {} } },
        responses: { 201: json({}) },
      },
    },
    "/tokens/{id}": { delete: { tags: ["tokens"], responses: { 200: json({}) } } },
  },
};

describe("toSections", () => {
  const sections = toSections(document);
  const curl = (id: string) =>
    sections.flatMap(({ endpoints }) => endpoints).find((endpoint) => endpoint.id === id)?.curl;

  it("shows every method of every path once, under its tag", () => {
    expect(
      sections.map(({ tag, endpoints }) => [tag, endpoints.map(({ method, path }) => `${method} ${path}`)]),
    ).toEqual([
      [
        "snapshots",
        [
          "GET /snapshots",
          "POST /snapshots",
          "GET /snapshots/{id}/archive",
          "HEAD /snapshots/{id}/archive",
          "POST /snapshots/upload",
        ],
      ],
      ["tokens", ["DELETE /tokens/{id}"]],
    ]);
  });

  it("says what a call needs and answers", () => {
    const take = sections[0]?.endpoints[1];
    expect(take?.permission).toBe("snapshot.take");
    expect(take?.body?.fields.map(({ name, required }) => [name, required])).toEqual([
      ["clusterId", true],
      ["note", false],
    ]);
    expect(take?.answer).toMatchObject({ status: "202", words: "It has begun.", fields: [{ name: "id" }] });
  });

  it("makes commands that a shell can run once their capitals are filled in", () => {
    const at = "https://keep.example/api/v1";
    expect(curl("get-snapshots")).toBe(`curl ${token} ${at}/snapshots`);
    expect(curl("post-snapshots")).toBe(
      `curl ${token} -H "Content-Type: application/json" -d '{"clusterId":"…"}' ${at}/snapshots`,
    );
    expect(curl("get-snapshots-id-archive")).toBe(`curl ${token} -OJ ${at}/snapshots/ID/archive`);
    expect(curl("head-snapshots-id-archive")).toBe(`curl -I ${token} ${at}/snapshots/ID/archive`);
    expect(curl("post-snapshots-upload")).toBe(
      `curl ${token} -H "Content-Type: application/octet-stream" --data-binary @backup.snap "${at}/snapshots/upload?fileName=FILE_NAME"`,
    );
    expect(curl("delete-tokens-id")).toBe(`curl -X DELETE ${token} ${at}/tokens/ID`);
  });
});
