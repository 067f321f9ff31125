"use client";
import { type MantineColorScheme, SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { schemes } from "./schemes.ts";

export function ThemeChoice() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      fullWidth
      aria-label="Theme"
      data={[...schemes]}
      value={colorScheme}
      onChange={(value) => setColorScheme(value as MantineColorScheme)}
    />
  );
}
