import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { coresAvailable } from "../../src/engines/cores.ts";

function machine(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "headroom-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

describe("cores that may be used", () => {
  it.each<[string, Record<string, string>, number]>([
    [
      "half a core, as a container sees its own group",
      { "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "50000 100000\n" },
      0.5,
    ],
    [
      "the least of the groups above",
      {
        "proc/self/cgroup": "0::/pods/one/runner\n",
        "sys/fs/cgroup/pods/one/runner/cpu.max": "max 100000\n",
        "sys/fs/cgroup/pods/one/cpu.max": "25000 100000\n",
        "sys/fs/cgroup/pods/cpu.max": "80000 100000\n",
      },
      0.25,
    ],
    [
      "version 1, the group's path being the host's",
      {
        "proc/self/cgroup": "4:memory:/docker/ab\n3:cpu,cpuacct:/docker/ab\n0::/x\n",
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "75000\n",
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
      },
      0.75,
    ],
    [
      "version 1, mounted by its first name",
      {
        "proc/self/cgroup": "1:cpu:/hr\n",
        "sys/fs/cgroup/cpu/hr/cpu.cfs_quota_us": "60000\n",
        "sys/fs/cgroup/cpu/hr/cpu.cfs_period_us": "100000\n",
      },
      0.6,
    ],
  ])("%s", (_, files, cores) => expect(coresAvailable(machine(files))).toBe(cores));

  it.each<[string, Record<string, string>]>([
    ["there are no groups", {}],
    ["the limit is none", { "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "max 100000\n" }],
    [
      "the limit of version 1 is none",
      {
        "proc/self/cgroup": "1:cpu:/\n",
        "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
        "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
      },
    ],
    [
      "the limit is above what there is",
      { "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "9900000000 100000\n" },
    ],
    [
      "the files hold something else",
      { "proc/self/cgroup": "garbage\n0::/\n", "sys/fs/cgroup/cpu.max": "?" },
    ],
  ])("all of the machine's where %s", (_, files) =>
    expect(coresAvailable(machine(files))).toBe(availableParallelism()),
  );
});
