import { BlockList } from "node:net";

import { expect, test } from "vitest";

import { isPublic } from "./public.ts";

const own = new BlockList();
own.addSubnet("8.8.4.0", 24, "ipv4");
own.addSubnet("2a00:1450:4001::", 48, "ipv6");

test.each([
  "1.1.1.1",
  "8.8.8.8",
  "93.184.215.14",
  "172.15.255.255",
  "172.32.0.1",
  "100.63.255.255",
  "100.128.0.1",
])("%s is public", (address) => {
  expect(isPublic(address, own)).toBe(true);
});

test.each(["2606:4700:4700::1111", "2a00:1450:4002::1", "2001:4860:4860::8888", "2400:cb00::1"])(
  "%s is public",
  (address) => {
    expect(isPublic(address, own)).toBe(true);
  },
);

test.each([
  ["unspecified", ["0.0.0.0", "0.1.2.3", "::"]],
  ["loopback", ["127.0.0.1", "127.255.255.254", "::1"]],
  [
    "private",
    ["10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "fc00::1", "fd12::1"],
  ],
  ["shared", ["100.64.0.1", "100.100.100.200", "100.127.255.255"]],
  ["link-local", ["169.254.169.254", "fe80::1", "fe80::1%eth0", "fec0::1"]],
  ["of a cloud's metadata", ["168.63.129.16", "192.0.0.192", "fd00:ec2::254"]],
  ["for documentation", ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"]],
  ["for benchmarks", ["198.18.0.1", "198.19.255.255", "2001:2::1"]],
  ["multicast", ["224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"]],
  ["reserved", ["240.0.0.1", "255.255.255.255", "192.88.99.1", "100::1", "5f00::1", "4000::1", "e000::1"]],
  ["IPv4 in IPv6", ["::ffff:10.0.0.1", "::ffff:1.1.1.1", "::ffff:a00:1", "::1.1.1.1", "::ffff:0:1.1.1.1"]],
  ["NAT64's", ["64:ff9b::a00:1", "64:ff9b::1.1.1.1", "64:ff9b:1::1"]],
  ["6to4 and Teredo", ["2002:a00:1::", "2002:101:101::1", "2001::1", "2001:0:4136:e378::1"]],
  ["the cluster's own", ["8.8.4.4", "2a00:1450:4001::5"]],
  [
    "none at all",
    ["", "localhost", "1.1.1", "1.1.1.1 ", "01.1.1.1", "0x1.1.1.1", "16843009", "[::1]", "2606:::1"],
  ],
])("not public: %s", (_, addresses) => {
  for (const address of addresses) expect([address, isPublic(address, own)]).toEqual([address, false]);
});
