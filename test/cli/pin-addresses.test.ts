import dns from "node:dns";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import axios from "axios";
import { expect, it } from "vitest";
import { pinAddresses } from "../../src/cli/pin-addresses.ts";

it("a host is connected to at the addresses that were checked, whatever its name answers now", async () => {
  const server = createServer((request, response) => response.end(request.headers.host));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  pinAddresses("Shop.invalid", ["127.0.0.1"]);
  const { data } = await axios.get(`http://shop.invalid:${port}/`);
  server.close();
  expect(data).toBe(`shop.invalid:${port}`);
});

it("every address has its turn, in the family that is asked for, and other names are looked up as ever", async () => {
  pinAddresses("many.invalid", ["127.0.0.1", "127.0.0.2", "::1"]);
  const one = (options: dns.LookupOneOptions) =>
    new Promise<string>((resolve, reject) =>
      dns.lookup("many.invalid", options, (error, address) => (error ? reject(error) : resolve(address))),
    );
  expect(new Set([await one({ family: 4 }), await one({ family: 4 })])).toEqual(
    new Set(["127.0.0.1", "127.0.0.2"]),
  );
  expect(await one({ family: 6 })).toBe("::1");
  pinAddresses("old.invalid", ["127.0.0.1"]);
  await expect(
    new Promise((resolve, reject) =>
      dns.lookup("old.invalid", 6, (error) => (error ? reject(error) : resolve(0))),
    ),
  ).rejects.toThrow("ENOTFOUND");
  const all = await new Promise((resolve) =>
    dns.lookup("localhost", { all: true, family: 4 }, (_, found) => resolve(found)),
  );
  expect(all).toEqual([{ address: "127.0.0.1", family: 4 }]);
});
