import { z } from "zod";
import type { TicketService } from "#core/access/index.ts";
import type { ClusterService } from "#core/clusters/index.ts";
import type { ActContext } from "#core/db/index.ts";
import { newSnapshotId } from "#core/kernel/ids.ts";
import { beginAfterCommit } from "#core/kernel/long-act.ts";
import { defineOperation, holderId } from "#core/kernel/operation.ts";
import {
  archiveFacts,
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
    const place = await snapshots.placeOf(id);
    const label = `${place.datacenter ?? "archive"}, ${id}`;
    return { kind: "snapshot", id, label, places: [place] };
  };
  const placeOf = async (clusterId: string, datacenter: string) => {
    const cluster = await clusters.get(clusterId);
    const label = `${datacenter} in ${cluster.name}`;
    // Hidden behind the words of an unknown cluster, since that is what the input names.
    return { kind: "cluster", id: null, label, places: [{ clusterId, datacenter }] };
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
      run: (context: ActContext, input) => snapshots.page(input, context.reach),
    }),
    "snapshots.get": defineOperation({
      name: "snapshots.get",
      input: snapshotRef,
      output: snapshotDetail,
      permission: "snapshot.read",
      audit: "none",
      auditAction: "snapshot.get",
      seenWith: "snapshot.read",
      target: (_context: ActContext, input) => targetOf(input.id),
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
      run: (context: ActContext) => snapshots.summary(context.reach),
    }),
    "snapshots.take": defineOperation({
      name: "snapshots.take",
      input: takeInput,
      output: snapshotRef,
      permission: "snapshot.take",
      audit: "long-act",
      auditAction: "snapshot.take",
      seenWith: "cluster.read",
      target: (_context: ActContext, input) => placeOf(input.clusterId, input.datacenter),
      run: async (context: ActContext, input) => {
        const by = {
          userId: context.caller.kind === "person" ? context.caller.userId : null,
          name: context.caller.name,
          requestId: context.request.requestId,
          correlationId: context.correlationId,
          source: context.caller.kind === "token" ? ("api" as const) : ("manual" as const),
        };
        return beginAfterCommit(context, await snapshots.prepareTake(input, by, context.tx));
      },
    }),
    "snapshots.cancel": defineOperation({
      name: "snapshots.cancel",
      input: snapshotRef,
      output: snapshotRef,
      permission: "snapshot.take",
      audit: "act",
      auditAction: "snapshot.cancel",
      seenWith: "snapshot.read",
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
      seenWith: "snapshot.read",
      auditFields: ["pinned"],
      target: (_context: ActContext, input) => targetOf(input.id),
      detail: (input) => (input.pinned ? "pinned" : "unpinned"),
      run: async (context: ActContext, input) => {
        const { pinned } = await snapshots.get(input.id);
        await snapshots.setPinned(input.id, input.pinned, context.tx);
        context.changed({ pinned }, { pinned: input.pinned });
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
      seenWith: "snapshot.read",
      target: (_context: ActContext, input) => targetOf(input.id),
      run: async (_context: ActContext, input) => {
        await snapshots.remove(input.id);
        return { id: input.id };
      },
    }),
    "snapshots.archive": defineOperation({
      name: "snapshots.archive",
      input: snapshotRef,
      output: archiveFacts,
      permission: "snapshot.download",
      audit: "none",
      auditAction: "snapshot.archive",
      seenWith: "snapshot.read",
      target: (_context: ActContext, input) => targetOf(input.id),
      run: async (_context: ActContext, input) => {
        const { bytes, sha256, fileName } = await snapshots.openArchive(input.id);
        return { bytes, sha256, fileName };
      },
    }),
    "snapshots.download": defineOperation({
      name: "snapshots.download",
      input: snapshotRef,
      output: ticket,
      permission: "snapshot.download",
      audit: "long-act",
      auditAction: "snapshot.download",
      seenWith: "snapshot.read",
      target: (_context: ActContext, input) => targetOf(input.id),
      run: async (context: ActContext, input) => {
        await snapshots.openArchive(input.id);
        const issued = await tickets.issue(
          {
            kind: "download",
            objectId: input.id,
            userId: holderId(context.caller),
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
      seenWith: "cluster.read",
      target: async (_context: ActContext, input) => {
        // Words of an unknown cluster for one that is out of sight.
        if (input.clusterId !== null) await clusters.get(input.clusterId);
        const place = { clusterId: input.clusterId, datacenter: input.datacenter };
        return { kind: "cluster", id: null, label: input.fileName, places: [place] };
      },
      run: async (context: ActContext, input) => {
        const clusterName =
          input.clusterId === null ? "uploaded" : (await clusters.get(input.clusterId)).name;
        const uploaded: UploadContext = {
          ...input,
          clusterName,
          byName: context.caller.name,
          requestId: context.request.requestId,
        };
        const snapshotId = newSnapshotId();
        const issued = await tickets.issue(
          {
            kind: "upload",
            objectId: snapshotId,
            userId: holderId(context.caller),
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
