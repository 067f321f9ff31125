import { z } from "zod";
import type { TicketService } from "#core/access/index.ts";
import type { ClusterService } from "#core/clusters/index.ts";
import type { ActContext } from "#core/db/index.ts";
import { newSnapshotId } from "#core/kernel/ids.ts";
import { defineOperation, personOf } from "#core/kernel/operation.ts";
import {
  beginUploadInput,
  listInput,
  pinInput,
  snapshotDetail,
  snapshotPage,
  snapshotRef,
  snapshotSummary,
  takeInput,
  ticket,
  uploadTicket,
} from "./contract.ts";
import type { SnapshotService } from "./service.ts";
import type { UploadContext } from "./upload.ts";

const history = { kind: "snapshot", id: null, label: "snapshots" };

export function createSnapshotOperations(deps: {
  snapshots: SnapshotService;
  clusters: ClusterService;
  tickets: TicketService;
}) {
  const { snapshots, clusters, tickets } = deps;
  const targetOf = async (id: string) => {
    const found = await snapshots.get(id);
    const label = `${found.datacenter ?? "archive"}, ${id}`;
    return { kind: "snapshot", id, label, clusterId: found.clusterId, datacenter: found.datacenter };
  };
  const placeOf = async (clusterId: string, datacenter: string) => {
    const cluster = await clusters.get(clusterId);
    return { kind: "datacenter", id: null, label: `${datacenter} in ${cluster.name}`, clusterId, datacenter };
  };

  return {
    "snapshots.list": defineOperation({
      name: "snapshots.list",
      input: listInput,
      output: snapshotPage,
      permission: "snapshot.read",
      audit: "none",
      auditAction: "snapshot.list",
      target: () => history,
      run: (_context: ActContext, input) => snapshots.page(input),
    }),
    "snapshots.get": defineOperation({
      name: "snapshots.get",
      input: snapshotRef,
      output: snapshotDetail,
      permission: "snapshot.read",
      audit: "none",
      auditAction: "snapshot.get",
      target: () => history,
      run: (_context: ActContext, input) => snapshots.get(input.id),
    }),
    "snapshots.summary": defineOperation({
      name: "snapshots.summary",
      input: z.object({}),
      output: snapshotSummary,
      permission: "snapshot.read",
      audit: "none",
      auditAction: "snapshot.summary",
      target: () => history,
      run: (_context: ActContext) => snapshots.summary(),
    }),
    "snapshots.take": defineOperation({
      name: "snapshots.take",
      input: takeInput,
      output: snapshotRef,
      permission: "snapshot.take",
      audit: "long-act",
      auditAction: "snapshot.take",
      target: (_context: ActContext, input) => placeOf(input.clusterId, input.datacenter),
      run: async (context: ActContext, input) => {
        const by = {
          userId: context.caller.kind === "person" ? context.caller.userId : null,
          name: context.caller.name,
          requestId: context.request.requestId,
          correlationId: context.correlationId,
          source: context.request.door === "route" ? ("api" as const) : ("manual" as const),
        };
        const { id, start } = await snapshots.prepareTake(input, by, context.tx);
        context.afterCommit(() => start({ ...context.subject, target: { ...context.subject.target, id } }));
        return { id };
      },
    }),
    "snapshots.cancel": defineOperation({
      name: "snapshots.cancel",
      input: snapshotRef,
      output: snapshotRef,
      permission: "snapshot.take",
      audit: "act",
      auditAction: "snapshot.cancel",
      target: (_context: ActContext, input) => targetOf(input.id),
      run: async (context: ActContext, input) => {
        await snapshots.cancel(input.id, context.caller.name);
        return { id: input.id };
      },
    }),
    "snapshots.pin": defineOperation({
      name: "snapshots.pin",
      input: pinInput,
      output: snapshotRef,
      permission: "snapshot.pin",
      audit: "change",
      auditAction: "snapshot.pin",
      target: (_context: ActContext, input) => targetOf(input.id),
      detail: (input) => (input.pinned ? "pinned" : "unpinned"),
      run: async (context: ActContext, input) => {
        await snapshots.setPinned(input.id, input.pinned, context.tx);
        return { id: input.id };
      },
    }),
    "snapshots.delete": defineOperation({
      name: "snapshots.delete",
      input: snapshotRef,
      output: snapshotRef,
      permission: "snapshot.delete",
      audit: "act",
      auditAction: "snapshot.delete",
      target: (_context: ActContext, input) => targetOf(input.id),
      run: async (_context: ActContext, input) => {
        await snapshots.remove(input.id);
        return { id: input.id };
      },
    }),
    "snapshots.download": defineOperation({
      name: "snapshots.download",
      input: snapshotRef,
      output: ticket,
      permission: "snapshot.download",
      audit: "long-act",
      auditAction: "snapshot.download",
      target: (_context: ActContext, input) => targetOf(input.id),
      run: async (context: ActContext, input) => {
        await snapshots.openArchive(input.id);
        const issued = await tickets.issue(
          {
            kind: "download",
            objectId: input.id,
            userId: personOf(context.caller).userId,
            correlationId: context.correlationId,
          },
          context.tx,
        );
        return { url: `/stream/downloads/${issued.text}`, expiresAt: issued.expiresAt.toISOString() };
      },
    }),
    "snapshots.beginUpload": defineOperation({
      name: "snapshots.beginUpload",
      input: beginUploadInput,
      output: uploadTicket,
      permission: "snapshot.upload",
      audit: "long-act",
      auditAction: "snapshot.upload",
      target: (_context: ActContext, input) => ({ kind: "snapshot", id: null, label: input.fileName }),
      run: async (context: ActContext, input) => {
        const { userId, name } = personOf(context.caller);
        const clusterName =
          input.clusterId === null ? "uploaded" : (await clusters.get(input.clusterId)).name;
        const uploaded: UploadContext = {
          ...input,
          clusterName,
          byName: name,
          requestId: context.request.requestId,
        };
        const snapshotId = newSnapshotId();
        const issued = await tickets.issue(
          {
            kind: "upload",
            objectId: snapshotId,
            userId,
            correlationId: context.correlationId,
            context: uploaded,
          },
          context.tx,
        );
        return {
          url: `/stream/uploads/${issued.text}`,
          expiresAt: issued.expiresAt.toISOString(),
          snapshotId,
        };
      },
    }),
  };
}
