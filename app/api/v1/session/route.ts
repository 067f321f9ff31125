import { answer, json } from "#app/_server/route.ts";
import { requireCaller } from "#app/_server/session.ts";

export const GET = () =>
  answer(async (context) => {
    const { userId, name, role } = await requireCaller();
    return json({ userId, name, role }, 200, context);
  });
