import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";

/**
 * Cores that a generator started here may use: those of the machine, or fewer where a container's CPU quota ends
 * (cgroup v2 cpu.max, v1 cpu.cfs_quota_us over cpu.cfs_period_us, of its group and those above; kernel.org,
 * admin-guide/cgroup-v2 and scheduler/sched-bwc). May be less than one.
 *
 * @param root where /proc and /sys are
 */
export function coresAvailable(root = "/"): number {
  return Math.min(availableParallelism(), ...quotas(root));
}

function quotas(root: string): number[] {
  return (read(join(root, "proc/self/cgroup")) ?? "").split("\n").flatMap((line) => {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (path === undefined) return [];
    if (controllers === "") return upwards(path).flatMap((one) => unified(join(root, "sys/fs/cgroup", one)));
    if (!controllers?.split(",").includes("cpu")) return [];
    return [controllers, "cpu"].flatMap((mount) =>
      upwards(path).flatMap((one) => legacy(join(root, "sys/fs/cgroup", mount, one))),
    );
  });
}

/** A group and those above; within a container the group's own path may not be there, and its root is the limit's. */
function upwards(path: string): string[] {
  return path === "/" ? [path] : [path, ...upwards(dirname(path))];
}

function unified(folder: string): number[] {
  const [quota, period] = (read(join(folder, "cpu.max")) ?? "").trim().split(" ").map(Number);
  return cores(quota, period);
}

function legacy(folder: string): number[] {
  const of = (name: string) => Number(read(join(folder, name)) ?? Number.NaN);
  return cores(of("cpu.cfs_quota_us"), of("cpu.cfs_period_us"));
}

/** "max", -1 and what is not there are no limit. */
const cores = (quota = Number.NaN, period = Number.NaN) => (quota > 0 && period > 0 ? [quota / period] : []);

function read(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
