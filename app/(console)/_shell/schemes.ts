import type { MantineColorScheme } from "@mantine/core";

/** The three themes, as the user menu and the phone's More sheet list them. */
export const schemes: readonly { value: MantineColorScheme; label: string }[] = [
  { value: "auto", label: "System" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];
