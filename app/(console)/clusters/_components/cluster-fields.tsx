"use client";
import { Checkbox, Textarea, TextInput } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { utcDate } from "#app/_ui/format-time.ts";
import { useNow } from "#app/_ui/time.tsx";
import type { ClusterView } from "#core/clusters/contract.ts";
import type { ClusterDraft } from "./cluster-draft.ts";
import css from "./cluster-form.module.css";
import { PemField } from "./pem-field.tsx";
import { SecretField } from "./secret-field.tsx";

export type FieldErrors = Partial<Record<string, string>>;

type Props = {
  draft: ClusterDraft;
  onChange: (draft: ClusterDraft) => void;
  /** The saved cluster that is being edited. */
  saved: ClusterView | null;
  errors: FieldErrors;
};

/** The fields of a connection: the four that every cluster needs, and the rest of TLS behind a fold. */
export function ClusterFields({ draft, onChange, saved, errors }: Props) {
  const set = <K extends keyof ClusterDraft>(name: K, value: ClusterDraft[K]) =>
    onChange({ ...draft, [name]: value });
  const lines = draft.addresses.split("\n").length;
  const caHint = useCaHint(saved, draft);
  return (
    <div className={css.grid}>
      <TextInput
        label="Cluster name"
        value={draft.name}
        error={errors.name}
        required
        placeholder="prod-us"
        autoComplete="off"
        data-autofocus
        onChange={(event) => set("name", event.currentTarget.value)}
      />
      <Textarea
        label="Consul addresses"
        value={draft.addresses}
        error={errors.addresses}
        required
        rows={Math.min(6, Math.max(1, lines))}
        placeholder="https://consul.example.com:8501"
        description={lines > 1 ? "Tried in this order." : "One per line, tried in this order."}
        spellCheck={false}
        autoCapitalize="none"
        classNames={{ input: css.pem ?? "" }}
        onChange={(event) => set("addresses", event.currentTarget.value)}
      />
      <SecretField
        label="ACL token"
        stored={saved?.hasToken ?? false}
        value={draft.token}
        error={errors.token}
        onChange={(value) => set("token", value)}
      />
      <PemField
        label="CA certificate"
        value={draft.caPem}
        hint={caHint}
        error={errors.caPem}
        onChange={(value) => set("caPem", value)}
      />
      <TlsFields draft={draft} set={set} saved={saved} errors={errors} />
    </div>
  );
}

type TlsProps = {
  draft: ClusterDraft;
  set: <K extends keyof ClusterDraft>(name: K, value: ClusterDraft[K]) => void;
  saved: ClusterView | null;
  errors: FieldErrors;
};

function TlsFields({ draft, set, saved, errors }: TlsProps) {
  const used =
    draft.clientCertPem !== "" ||
    (saved?.hasClientKey ?? false) ||
    draft.tlsServerName !== "" ||
    !draft.tlsVerify;
  return (
    <details className={css.more} open={used || undefined}>
      <summary>
        <IconChevronRight size={14} aria-hidden />
        Client certificate, server name, verification
      </summary>
      <div className={css.grid}>
        <PemField
          label="Client certificate"
          value={draft.clientCertPem}
          error={errors.clientCertPem}
          onChange={(value) => set("clientCertPem", value)}
        />
        <ClientKey draft={draft} set={set} saved={saved} errors={errors} />
        <TextInput
          label="Server name"
          value={draft.tlsServerName}
          error={errors.tlsServerName}
          placeholder="server.dc1.consul"
          description="The name to expect in the server's certificate."
          spellCheck={false}
          onChange={(event) => set("tlsServerName", event.currentTarget.value)}
        />
        <Checkbox
          style={{ paddingTop: 22 }}
          label="Verify the server's certificate"
          description={
            draft.tlsVerify ? undefined : "Off: anyone on the way can read the token and the archive."
          }
          checked={draft.tlsVerify}
          onChange={(event) => set("tlsVerify", event.currentTarget.checked)}
        />
      </div>
    </details>
  );
}

function ClientKey({ draft, set, saved, errors }: TlsProps) {
  const key = draft.clientKeyPem;
  if (key.act !== "replace") {
    return (
      <SecretField
        label="Client key"
        stored={saved?.hasClientKey ?? false}
        value={key}
        error={errors.clientKeyPem}
        onChange={(value) => set("clientKeyPem", value)}
      />
    );
  }
  return (
    <PemField
      label="Client key"
      value={key.value}
      error={errors.clientKeyPem}
      hint="Encrypted at rest, never shown again."
      onChange={(value) => set("clientKeyPem", { act: "replace", value })}
    />
  );
}

/** The end of the stored certificate; a new one is only read when it is saved. */
function useCaHint(saved: ClusterView | null, draft: ClusterDraft): string | undefined {
  const now = useNow(60_000);
  if (saved === null || saved.caValidUntil === null || saved.caPem !== draft.caPem) return undefined;
  return `Valid until ${utcDate(saved.caValidUntil, now)}`;
}
