"use client";

import { PasswordInput } from "@mantine/core";

type Props = { value: string; onChange: (value: string) => void; purpose: string };

export function TokenField({ value, onChange, purpose }: Props) {
  return (
    <PasswordInput
      label={`Token for ${purpose}`}
      description="Sent to Consul once as X-Consul-Token. Snapkeep does not keep or log it."
      autoComplete="off"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      // It appears because somebody just asked for it.
      autoFocus
    />
  );
}
