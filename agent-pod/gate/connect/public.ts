import { BlockList, isIP } from "node:net";

/** https://www.iana.org/assignments/iana-ipv4-special-registry */
const NOT_PUBLIC_4 = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10], // shared by carriers and clusters
  ["127.0.0.0", 8],
  ["168.63.129.16", 32], // Azure answers every virtual machine's agent here, by an address that looks public
  ["169.254.0.0", 16], // link-local: metadata of clouds
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24], // documentation, and the two below
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["192.88.99.0", 24], // relays of 6to4
  ["192.168.0.0", 16],
  ["198.18.0.0", 15], // benchmarks
  ["224.0.0.0", 4], // multicast
  ["240.0.0.0", 4], // reserved, broadcast
] as const;

/**
 * https://www.iana.org/assignments/ipv6-address-space: the one range that is given to the public. Outside it are loopback,
 * link-local, unique local and multicast addresses, and those that hold IPv4 ones: mapped, and NAT64's (64:ff9b::/96).
 */
const GLOBAL_6 = ["2000::", 3] as const;

/** Of that range: https://www.iana.org/assignments/iana-ipv6-special-registry */
const NOT_PUBLIC_6 = [
  ["2001::", 23], // protocols', Teredo's among them, which hold an IPv4 address
  ["2001:db8::", 32], // documentation, and the one below
  ["3fff::", 20],
  ["2002::", 16], // 6to4: holds an IPv4 address
] as const;

const notPublic = new BlockList();
for (const [net, bits] of NOT_PUBLIC_4) notPublic.addSubnet(net, bits, "ipv4");
for (const [net, bits] of NOT_PUBLIC_6) notPublic.addSubnet(net, bits, "ipv6");
const global6 = new BlockList();
global6.addSubnet(...GLOBAL_6, "ipv6");

/** Whether `address` is one that everybody can reach, and in none of the `own` ranges; what isn't an address never is. */
export function isPublic(address: string, own: BlockList): boolean {
  switch (isIP(address)) {
    case 4:
      return !notPublic.check(address, "ipv4") && !own.check(address, "ipv4");
    case 6:
      // With a zone (`fe80::1%eth0`) it is this link's.
      if (address.includes("%") || !global6.check(address, "ipv6")) return false;
      return !notPublic.check(address, "ipv6") && !own.check(address, "ipv6");
    default:
      return false;
  }
}
