import { Agent, type Dispatcher } from "undici";
import { AppError } from "#core/kernel/errors.ts";
import { literalAddress, type TargetPolicy } from "#core/kernel/target-policy.ts";
import { type ConsulAddress, parseConsulAddress } from "./address.ts";

/** Everything that is needed to talk to one cluster. PEM texts, not paths; secrets in clear, in memory only. */
export type ConsulConnection = {
  addresses: string[];
  token: string | null;
  caPem: string;
  clientCertPem: string;
  clientKeyPem: string;
  tlsServerName: string;
  tlsVerify: boolean;
  /** An address without a scheme is https (CONSUL_HTTP_SSL). */
  forceTls?: boolean;
};

export type Endpoint = { address: ConsulAddress; dispatcher: Dispatcher };

const connectTimeoutMs = 10_000;

/** One connection pool per address: the CA, the client certificate and the server name belong to the cluster. */
export function createEndpoints(connection: ConsulConnection, targets: TargetPolicy): Endpoint[] {
  return connection.addresses.map((text) => {
    const address = parseConsulAddress(text, connection.forceTls ?? false);
    assertLiteral(address, targets);
    return { address, dispatcher: createDispatcher(connection, address, targets) };
  });
}

/**
 * For an address that somebody enters. A socket is nothing that they may name: there are others on the machine, Docker's
 * for one, and no policy of addresses reaches them. Whoever sets the environment holds the machine anyway.
 */
export function assertTarget(address: ConsulAddress, targets: TargetPolicy): void {
  assertLiteral(address, targets);
  if (address.socketPath === null) return;
  throw new AppError({
    code: "invalid_input",
    field: "addresses",
    userMessage: `The address ${address.text} can't be used: a unix socket is taken from CONSUL_HTTP_ADDR alone.`,
  });
}

/** Names are judged when they are resolved; an address that needs no resolving is judged here. */
function assertLiteral(address: ConsulAddress, targets: TargetPolicy): void {
  const literal = address.socketPath === null ? literalAddress(address.host) : null;
  const reason = literal === null ? null : targets.refusal(literal);
  if (reason === null) return;
  throw new AppError({
    code: "invalid_input",
    field: "addresses",
    userMessage: `The address ${address.text} can't be used: ${reason}.`,
  });
}

function createDispatcher(
  connection: ConsulConnection,
  address: ConsulAddress,
  targets: TargetPolicy,
): Dispatcher {
  const tls = address.tls
    ? {
        rejectUnauthorized: connection.tlsVerify,
        ...(connection.caPem === "" ? {} : { ca: connection.caPem }),
        ...(connection.clientCertPem === "" ? {} : { cert: connection.clientCertPem }),
        ...(connection.clientKeyPem === "" ? {} : { key: connection.clientKeyPem }),
        ...(connection.tlsServerName === "" ? {} : { servername: connection.tlsServerName }),
      }
    : {};
  return new Agent({
    connections: 16,
    // Consul closes idle connections on its own; a short life avoids writing into one that is going away.
    keepAliveTimeout: 4_000,
    pipelining: 1,
    maxHeaderSize: 64 * 1024,
    connect: {
      timeout: connectTimeoutMs,
      lookup: targets.lookup,
      ...(address.socketPath === null ? {} : { socketPath: address.socketPath }),
      ...tls,
    },
  });
}
