/** One line of git's protocol: https://git-scm.com/docs/gitprotocol-common#_pkt_line_format */
function packetLine(payload: Buffer | string): Buffer {
  const bytes = typeof payload === "string" ? Buffer.from(payload) : payload;
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, "0")), bytes]);
}

const FLUSH = Buffer.from("0000");
const MOST_LINE_BYTES = 65_000;

/** The answer to `info/refs` for a service: https://git-scm.com/docs/http-protocol#_smart_server_response */
export function advertisement(service: string, refs: Buffer): Buffer {
  return Buffer.concat([packetLine(`# service=${service}\n`), FLUSH, refs]);
}

/** `refs`, as receive-pack shows them, with one more capability: https://git-scm.com/docs/protocol-capabilities */
export function withCapability(refs: Buffer, capability: string): Buffer {
  const length = Number.parseInt(refs.subarray(0, 4).toString(), 16);
  const first = refs.subarray(4, length).toString().trimEnd();
  return Buffer.concat([packetLine(`${first} ${capability}\n`), refs.subarray(length)]);
}

/**
 * What `receive-pack` would answer if it had refused `ref` for `reason`, with `lines` shown as `remote:` lines. Every git since
 * 1.6.6 asks for the side band that this speaks: https://git-scm.com/docs/gitprotocol-pack#_report_status
 */
export function refusedReport(ref: string, reason: string, lines: readonly string[]): Buffer {
  const status = Buffer.concat([packetLine("unpack ok\n"), packetLine(`ng ${ref} ${reason}\n`), FLUSH]);
  const said = lines.map((line) => Buffer.from(`\u0002${line}`).subarray(0, MOST_LINE_BYTES));
  return Buffer.concat([
    ...said.map((line) => packetLine(Buffer.concat([line, Buffer.from("\n")]))),
    packetLine(Buffer.concat([Buffer.from([1]), status])),
    FLUSH,
  ]);
}
