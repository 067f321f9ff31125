import { changeRoute, route } from "#app/_server/route.ts";

export const GET = route("snapshots.list");
export const POST = changeRoute("snapshots.take", 202);
