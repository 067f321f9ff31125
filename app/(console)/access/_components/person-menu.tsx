"use client";
import {
  IconDeviceDesktopOff,
  IconKey,
  IconShieldCheck,
  IconShieldX,
  IconTrash,
  IconUserCheck,
  IconUserCog,
  IconUserOff,
} from "@tabler/icons-react";
import { ActionMenu } from "#app/_ui/action-menu.tsx";
import type { PersonView } from "#core/access/contract.ts";
import type { PersonAct } from "../_lib/person-acts.ts";
import { refusals } from "../_lib/person-words.ts";

export type PersonMenuAct = PersonAct | "roles";
type Props = { person: PersonView; onAct: (act: PersonMenuAct, person: PersonView) => void };

export function PersonMenu({ person, onAct }: Props) {
  const why = refusals(person);
  const act = (name: PersonMenuAct) => () => onAct(name, person);
  const disabled = person.disabledAt !== null;
  return (
    <ActionMenu
      label={`Actions for ${person.name}`}
      actions={[
        { label: "Change roles…", icon: IconUserCog, onSelect: act("roles"), disabledReason: why.roles },
        { label: "Reset password…", icon: IconKey, onSelect: act("password"), disabledReason: why.password },
        {
          label: "Reset second factor…",
          icon: IconShieldX,
          onSelect: act("secondFactor"),
          disabledReason: why.secondFactor,
        },
        {
          label: "End sessions…",
          icon: IconDeviceDesktopOff,
          onSelect: act("sessions"),
          disabledReason: why.sessions,
        },
        {
          label: person.breakGlass ? "End break-glass…" : "Make break-glass…",
          icon: IconShieldCheck,
          onSelect: act(person.breakGlass ? "breakGlassOff" : "breakGlassOn"),
          disabledReason: why.breakGlass,
        },
        {
          label: disabled ? "Enable…" : "Disable…",
          icon: disabled ? IconUserCheck : IconUserOff,
          onSelect: act(disabled ? "enable" : "disable"),
          disabledReason: why.disable,
          danger: !disabled,
          rule: true,
        },
        {
          label: "Remove…",
          icon: IconTrash,
          onSelect: act("remove"),
          disabledReason: why.remove,
          danger: true,
        },
      ]}
    />
  );
}
