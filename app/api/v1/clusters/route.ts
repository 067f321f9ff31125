import { changeRoute, route } from "#app/_server/route.ts";

export const GET = route("clusters.list");
export const POST = changeRoute("clusters.create", 201);
