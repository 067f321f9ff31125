import { afterAll, beforeAll, expect, it } from "vitest";
import { readKey } from "#core/testing/consul-http.ts";
import { deleteTree, openRecoveryRoom, type RecoveryRoom, writeKeys } from "#core/testing/recovery-room.ts";
import { refusal } from "#core/testing/refusal.ts";

let room: RecoveryRoom;
beforeAll(async () => {
  room = await openRecoveryRoom((target) =>
    writeKeys(target, [{ key: "moved/a", value: "from the snapshot" }]),
  );
});
afterAll(() => room?.close());

it("what was applied is not taken back from a Consul that the cluster leads to since", async () => {
  const { execute } = room.snapkeep();
  const cluster = { name: "prod", addresses: [room.proxy.address], token: room.target.token ?? "" };
  const { id: clusterId } = await execute("clusters.create", cluster);
  await deleteTree(room.target, "moved/");
  const wanted = {
    snapshotId: room.snapshotId,
    clusterId,
    datacenter: "dc1",
    selections: [{ prefix: "moved/" }],
  };
  const { id } = await execute("recoveries.plan", wanted);
  await room.settled(id);
  await room.apply(id);
  expect(await room.settled(id)).toMatchObject({ state: "applied", canUndo: true });
  const addresses = [room.target.httpAddress];
  await execute("clusters.update", { ...cluster, id: clusterId, addresses });
  expect(await refusal(room.undo(id))).toBe(
    "conflict: The cluster has none of its addresses of then, so what was applied is not there.",
  );
  expect(await readKey(room.target, "moved/a")).toBe("from the snapshot");
});
