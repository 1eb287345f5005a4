import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { TLSSocket } from "node:tls";
import { promisify } from "node:util";

import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";

import { pinKey } from "../../contract/lease.ts";
import type { World } from "../testing/world.ts";
import { chatting, openWorld, passOf, PREFIX, RUN, SECRETS } from "../testing/world.ts";
import { firstBytes, inRecords, clientHello } from "./testing/hello.ts";
import type { Host, TestOutside } from "./testing/host.ts";
import { ADDRESS, HOST, openHost, testOutside } from "./testing/host.ts";
import type { Tunnel } from "./testing/tunnel.ts";
import { askTunnel, openSecure } from "./testing/tunnel.ts";

const TARGET = `${HOST}:443`;
const run = promisify(execFile);

let outside: TestOutside;
let world: World;
let host: Host;

beforeAll(async () => {
  outside = testOutside();
  world = await openWorld({ outside });
  world.settings.privateRanges.addSubnet("8.8.4.0", 24);
  host = await openHost();
});
afterAll(async () => {
  await host.close();
  await world.close();
});
beforeEach(async () => {
  await world.redis.client.flushall();
  await world.lend({ hosts: [HOST, "*.example.com"] });
  outside.names = { [HOST]: [ADDRESS] };
  outside.ports = { [ADDRESS]: host.port };
  outside.asked.length = outside.dialled.length = world.decisions.length = 0;
});
afterEach(async () => {
  await vi.waitFor(() => {
    if (host.open.size > 0) throw new Error(`${host.open.size} tunnels were left open`);
  });
});

const ask = (target: string, first?: Buffer): Promise<Tunnel> =>
  askTunnel(world.url, target, { pass: passOf(), ...(first ? { first } : {}) });

/** The line of the log for the only tunnel that was asked for, once it has ended. */
async function decision(): Promise<World["decisions"][number]> {
  await expect.poll(() => world.decisions.length, { timeout: 5_000 }).toBe(1);
  return world.decisions[0]!;
}

const secure = (): Promise<TLSSocket> => openSecure(world.url, host, passOf());

/** What a client of its own process gets that knows of the gate by its environment alone. */
const post = (to: string, body: string) => {
  const script = `const r = await fetch(process.argv[1], { method: "POST", body: process.argv[2] }); process.stdout.write(await r.text());`;
  const { port } = new URL(world.url);
  const env = {
    NODE_USE_ENV_PROXY: "1",
    HTTPS_PROXY: `http://run:${passOf()}@127.0.0.1:${port}`,
    NODE_EXTRA_CA_CERTS: host.certificate,
  };
  return run(process.execPath, ["--input-type=module", "-e", script, to, body], { env });
};

test("an ordinary client reaches a host that the lease names, and its bytes are counted", async () => {
  const body = "x".repeat(100_000);
  const { stdout } = await post(`https://${HOST}/`, body);
  expect(stdout).toBe(body);
  const line = await decision();
  expect(line).toMatchObject({ run: RUN, verb: "connect", target: TARGET, verdict: "passed" });
  expect(line.bytes).toBeGreaterThan(200_000);
  expect(line.why).toMatch(/^\d{6} bytes up, \d{6} down$/);
  expect([outside.asked, outside.dialled]).toEqual([[HOST], [ADDRESS]]);
});

test("one that asks for another host is told why not", async () => {
  await expect(post("https://evil.example/", "hi")).rejects.toThrow(/403/);
});

test("a half that has ended doesn't end the other", async () => {
  const tls = await secure();
  tls.end("POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 5\r\n\r\nhello");
  let got = "";
  for await (const bytes of tls) got += String(bytes);
  expect(got).toContain("hello");
  expect(await decision()).toMatchObject({ verdict: "passed" });
});

test("a ClientHello that doesn't wait for an answer, and one byte at a time, are as good", async () => {
  const first = firstBytes(HOST.toUpperCase(), [0x0a0a, Buffer.alloc(3)], [0x2a2a, Buffer.alloc(0)]);
  const hasty = await ask(TARGET, first);
  await expect.poll(() => host.heard()).toBeGreaterThanOrEqual(first.length);
  hasty.socket.destroy();
  await decision();
  const before = host.heard();
  const slow = await ask(TARGET);
  slow.socket.setNoDelay(true);
  for (const byte of first) {
    slow.socket.write(Buffer.from([byte]));
    await sleep(1);
  }
  await expect.poll(() => host.heard() - before).toBe(first.length);
  slow.socket.destroy();
});

test.each<[string, Buffer, RegExp]>([
  ["another name", firstBytes("evil.example"), /for evil\.example, not for registry\.example\.org/],
  ["a name below it", firstBytes(`a.${HOST}`), /not for/],
  ["a dot behind the name", firstBytes(`${HOST}.`), /not for/],
  ["no name", inRecords(clientHello({ extensions: [] })), /names no server/],
  ["a hidden name", firstBytes(HOST, [0xfe0d, Buffer.alloc(100)]), /\(ECH\)/],
  ["HTTP", Buffer.from(`POST / HTTP/1.1\r\nhost: ${HOST}\r\n\r\nsecret`), /doesn't begin with TLS/],
  ["SSH", Buffer.from("SSH-2.0-OpenSSH_9.6\r\n"), /doesn't begin with TLS/],
  [
    "too much",
    Buffer.concat([Buffer.from([22, 3, 1, 0x40, 0, 1, 0, 0xff, 0]), Buffer.alloc(20_000)]),
    /larger/,
  ],
])("what doesn't begin as it must is closed, and the host hears nothing: %s", async (_, bytes, why) => {
  const before = host.heard();
  for (const first of [Buffer.alloc(0), bytes]) {
    const tunnel = await ask(TARGET, first);
    if (first.length === 0) tunnel.socket.write(bytes);
    await tunnel.closed;
    expect(tunnel.got()).toBe("HTTP/1.1 200 Connection established\r\n\r\n");
    const line = await decision();
    expect(line).toMatchObject({ run: RUN, target: TARGET, verdict: "refused", bytes: 0 });
    expect(line.why).toMatch(why);
    world.decisions.length = 0;
  }
  expect(host.heard()).toBe(before);
});

test("a client that leaves before it says anything, or says only half of it, leaves nothing open", async () => {
  for (const bytes of [Buffer.alloc(0), firstBytes(HOST).subarray(0, 20)]) {
    const tunnel = await ask(TARGET);
    tunnel.socket.end(bytes);
    await tunnel.closed;
    expect(await decision()).toMatchObject({
      verdict: "refused",
      why: expect.stringContaining("ended") as string,
    });
    world.decisions.length = 0;
  }
});

test("a client that never says anything is closed", async () => {
  const began = Date.now();
  const tunnel = await ask(TARGET);
  tunnel.socket.write(firstBytes(HOST).subarray(0, 20));
  await tunnel.closed;
  expect(Date.now() - began).toBeLessThan(13_000);
  expect(await decision()).toMatchObject({
    verdict: "refused",
    why: expect.stringContaining("10 seconds") as string,
  });
});

test.each([
  ["a host that isn't named", "evil.example:443"],
  ["a name above a wildcard", "example.com:443"],
  ["another port", `${HOST}:22`],
  ["an address", "93.184.215.14:443"],
  ["metadata", "169.254.169.254:443"],
  ["a dot behind the name", `${HOST}.:443`],
])("refused, and asked of no name server: %s", async (_, target) => {
  const tunnel = await ask(target);
  await tunnel.closed;
  expect(tunnel.got()).toMatch(/^HTTP\/1\.1 403 Refused\r\n[^]*\r\n\r\n\S[^\n]*\.\n$/);
  expect(await decision()).toMatchObject({ run: RUN, verb: "connect", target, verdict: "refused" });
  expect([outside.asked, outside.dialled]).toEqual([[], []]);
});

test("without hosts in the lease there are no tunnels", async () => {
  await world.lend({ hosts: [] });
  expect((await ask(TARGET)).status).toBe("HTTP/1.1 403 Refused");
  expect(outside.asked).toEqual([]);
});

test.each([
  ["private", ["10.0.0.7"]],
  ["private beside a public one", [ADDRESS, "192.168.1.1"]],
  ["metadata", ["169.254.169.254"]],
  ["this machine", ["127.0.0.1"]],
  ["this machine, in IPv6", [ADDRESS, "::1"]],
  ["private, in IPv6", ["::ffff:10.0.0.7"]],
  ["private, through NAT64", ["64:ff9b::a00:7"]],
  ["the cluster's own", ["8.8.4.4"]],
  ["none", ["not an address"]],
])("a name that leads elsewhere than to the public is refused: %s", async (_, addresses) => {
  outside.names[HOST] = addresses;
  const tunnel = await ask(TARGET);
  await tunnel.closed;
  expect(tunnel.status).toBe("HTTP/1.1 403 Refused");
  expect(tunnel.got()).toContain("public addresses alone");
  expect(await decision()).toMatchObject({ verdict: "refused", bytes: 0 });
  expect(outside.dialled).toEqual([]);
});

test("the next address is tried when one doesn't answer, and a host that can't be reached is told", async () => {
  outside.names[HOST] = ["93.184.215.15", ADDRESS];
  const tls = await secure();
  tls.destroy();
  await decision();
  expect(outside.dialled).toEqual(["93.184.215.15", ADDRESS]);
  outside.names[HOST] = ["93.184.215.15"];
  const unreachable = await ask(TARGET);
  expect(unreachable.status).toBe("HTTP/1.1 502 Refused");
  outside.names = {};
  expect((await ask(TARGET)).got()).toContain(`no address for ${HOST}`);
});

test.each<[string, () => string | null, number]>([
  ["none", () => null, 407],
  ["what isn't one", () => "let me in", 403],
  ["the model's key", () => SECRETS.key, 403],
  ["one that has expired", () => passOf({ expires: 1 }), 403],
  ["one of another attempt", () => passOf({ attempt: 2 }), 403],
  ["one of another run", () => passOf({ run: "cx-8-implement-1-0badcafe" }), 503],
])("a pass that isn't good opens no tunnel: %s", async (_, pass, status) => {
  const tunnel = await askTunnel(world.url, TARGET, { pass: pass() });
  await tunnel.closed;
  expect(tunnel.status).toBe(`HTTP/1.1 ${status} Refused`);
  expect(await decision()).toMatchObject({ verb: "connect", verdict: "refused" });
  expect(JSON.stringify(world.decisions)).not.toContain("cxp_");
  expect(outside.asked).toEqual([]);
});

test("a pass that is bound to another address opens none", async () => {
  await world.redis.client.set(pinKey(PREFIX, RUN), "1 10.0.0.9");
  expect((await ask(TARGET)).status).toBe("HTTP/1.1 403 Refused");
});

test("a run's tunnels are few, and don't keep it from the model", async () => {
  const tunnels = await Promise.all(Array.from({ length: 64 }, () => ask(TARGET)));
  expect((await ask(TARGET)).status).toBe("HTTP/1.1 429 Refused");
  expect((await world.ask("/llm/v1/chat/completions", chatting())).status).toBe(200);
  for (const { socket } of tunnels) socket.destroy();
  await expect.poll(() => world.decisions.length).toBe(66);
  (await ask(TARGET)).socket.destroy();
});
