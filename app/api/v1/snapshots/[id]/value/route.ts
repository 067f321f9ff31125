import { route } from "#app/_server/route.ts";

export const GET = route("contents.value");
