import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Process ids of every program that has this folder among its arguments. */
export function processesOn(folder: string): number[] {
  const lines = execFileSync("ps", ["-axww", "-o", "pid=,command="], { encoding: "utf8" }).split("\n");
  return lines.filter((line) => line.includes(`=${folder}/`)).map((line) => Number.parseInt(line, 10));
}

/** What is left of drills in their folder: processes and files. Nothing, as it should be. */
export function tracesIn(folder: string): { processes: number[]; files: string[] } {
  return { processes: processesOn(folder), files: existsSync(folder) ? readdirSync(folder) : [] };
}

export const noTraces = { processes: [], files: [] };

/** The addresses on which a process waits for others, as Linux writes them: `0100007F` is 127.0.0.1. */
export function listeningOn(pid: number): string[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      } catch {
        return undefined;
      }
    }),
  );
  const rows = ["tcp", "tcp6", "udp", "udp6"].flatMap((name) =>
    readFileSync(`/proc/net/${name}`, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => ({ name, cells: line.trim().split(/\s+/) })),
  );
  // 0A is LISTEN; UDP has no such state, and 07 is a socket that is bound.
  const waiting = rows.filter(({ cells }) => cells[3] === "0A" || cells[3] === "07");
  return waiting
    .filter(({ cells }) => sockets.has(cells[9]))
    .map(({ name, cells }) => `${name} ${cells[1]?.split(":")[0]}`);
}
