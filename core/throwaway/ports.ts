import { createSocket } from "node:dgram";
import { createServer, type Server } from "node:net";

export type ThrowawayPorts = { readonly http: number; readonly server: number; readonly serfLan: number };

/**
 * Three ports of loopback that are free now, the last one for UDP as well. Somebody may take one before Consul
 * does; then Consul says so and others are tried.
 */
export async function findFreePorts(): Promise<ThrowawayPorts> {
  const held = await Promise.all([listen(), listen(), listen()]);
  const [http = 0, server = 0, serfLan = 0] = held.map(portOf);
  const isFree = await isUdpFree(serfLan);
  await Promise.all(held.map((one) => new Promise((resolve) => one.close(resolve))));
  return isFree ? { http, server, serfLan } : findFreePorts();
}

function listen(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ port: 0, host: "127.0.0.1" }, () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

export function isUdpFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.once("error", () => {
      socket.close();
      resolve(false);
    });
    socket.bind({ port, address: "127.0.0.1", exclusive: true }, () => socket.close(() => resolve(true)));
  });
}
