import { BlockList, isIP } from "node:net";
import { describe, expect, it } from "vitest";
import { farRanges, isNear } from "../../src/model/address.ts";
import { seededRandom } from "../../src/stats/random.ts";

const family = (address: string) => (isIP(address) === 4 ? "ipv4" : "ipv6");

/** Node's own reading of the ranges. */
function blocked(ranges: readonly string[]): (address: string) => boolean {
  // One list each: in a common one Node takes 127.0.0.1 for ::ffff:127.0.0.1, which Go does not.
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const range of ranges) {
    const [net = "", prefix] = range.split("/");
    lists[family(net)].addSubnet(net, Number(prefix), family(net));
  }
  return (address) => lists[family(address)].check(address, family(address));
}

describe("what a load may not reach", () => {
  it("is every address but the near and the allowed ones: each range's edges, and 20,000 at random", () => {
    const allowed = ["8.8.8.8", "203.0.113.7", "2001:db8::17", "::ffff:9.9.9.9"];
    const isBlocked = blocked(farRanges(allowed));
    const random = seededRandom(7);
    const byte = () => Math.floor(random() * 256);
    const group = () => Math.floor(random() * 65_536).toString(16);
    const addresses = [
      ...["126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0", "9.255.255.255", "10.0.0.0"],
      ...["172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0", "100.63.255.255", "100.64.0.0"],
      ...["8.8.8.7", "8.8.8.9", "0.0.0.0", "255.255.255.255", "::", "::1", "::2", "fbff::", "fc00::"],
      ...["fdff:ffff::", "fe00::", "fe80::1", "febf:ffff::", "fec0::", "2001:db8::16", "2001:db8::18"],
      ...Array.from({ length: 10_000 }, () => [byte(), byte(), byte(), byte()].join(".")),
      ...Array.from({ length: 10_000 }, () => Array.from({ length: 8 }, group).join(":")),
    ];
    for (const address of addresses) {
      const isAllowed = address === "8.8.8.8" || isNear(address);
      expect([address, isBlocked(address)]).toEqual([address, !isAllowed]);
    }
    for (const address of ["8.8.8.8", "203.0.113.7", "2001:db8::17", "9.9.9.9"])
      expect([address, isBlocked(address)]).toEqual([address, false]);
  });

  it("does not overlap itself, and is short enough for every dial", () => {
    const ranges = farRanges(["8.8.8.8"]);
    expect(new Set(ranges).size).toBe(ranges.length);
    expect(ranges.length).toBeLessThan(300);
  });
});
