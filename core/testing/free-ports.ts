import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { isUdpFree } from "#core/throwaway/ports.ts";

/**
 * Blocks of ports below what Linux (32768) and macOS (49152) give to outgoing connections: a port that a killed
 * server leaves must still be free when it starts again, and no client's connection may sit on it by chance.
 */
const firstPort = 20_000;
const portsPerBlock = 8;
const blockCount = 1_500;
const reservationFolder = path.join(tmpdir(), "snapkeep-test-ports");
const held = new Set<string>();

export interface PortBlock {
  ports: number[];
  release(): void;
}

/**
 * Reserves up to eight ports on loopback that are free for TCP and UDP. A file per block keeps two test workers
 * apart; it holds its owner's process id, so that what a killed worker left is taken over.
 */
export async function reservePorts(count: number): Promise<PortBlock> {
  if (count > portsPerBlock) throw new Error(`A block holds ${portsPerBlock} ports, not ${count}.`);
  mkdirSync(reservationFolder, { recursive: true });
  for (let attempt = 0; attempt < 200; attempt++) {
    const block = Math.floor(Math.random() * blockCount);
    const file = path.join(reservationFolder, String(block));
    if (!claim(file)) continue;
    const ports = Array.from({ length: count }, (_, offset) => firstPort + block * portsPerBlock + offset);
    const free = await Promise.all(ports.flatMap((port) => [isTcpFree(port), isUdpFree(port)]));
    if (free.every(Boolean)) return { ports, release: () => release(file) };
    release(file);
  }
  throw new Error("No free block of ports was found on loopback.");
}

function claim(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    held.add(file);
    return true;
  } catch {
    // A dead owner's file is only removed here; whoever comes by next may claim the block.
    if (ownerIsGone(file)) rmSync(file, { force: true });
    return false;
  }
}

function release(file: string): void {
  rmSync(file, { force: true });
  held.delete(file);
}

function ownerIsGone(file: string): boolean {
  try {
    const owner = Number(readFileSync(file, "utf8"));
    if (!Number.isInteger(owner) || owner <= 0) return false;
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** Gives back every block that is still held here; for the exit of the process. */
export function releaseOwnPorts(): void {
  for (const file of held) rmSync(file, { force: true });
}

function isTcpFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}
