import { route } from "#app/_server/route.ts";

export const GET = route("comparisons.value");
