import { Sign } from "#app/_ui/sign.tsx";
import { type Change, changeSigns } from "../_lib/rows.ts";

export function ChangeSign({ change }: { change: Change }) {
  return <Sign {...changeSigns[change]} />;
}
