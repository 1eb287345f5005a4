import type { IncomingMessage } from "node:http";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";

/** Of the commands at a push's beginning; real ones have one. */
const MOST_COMMAND_BYTES = 64 * 1024;

/** The body of a push. */
export interface PushBody {
  /** The commits that its commands name as new, as far as they can be read; what is wrong with them is git's to say. */
  tips: string[];
  /** All of it, unpacked; once. */
  stream(): AsyncIterable<Buffer>;
  /** The bytes that have come so far, as they came. */
  bytes(): number;
}

/** Reads the commands at the beginning of a push, and keeps them for git. Throws when the client goes away. */
export async function openPush(request: IncomingMessage): Promise<PushBody> {
  let bytes = 0;
  // Not destroyed when it ends early: the answer goes out on the same socket, and the client listens when it has sent all.
  const body = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  const counted = (async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of body) {
      bytes += chunk.length;
      yield chunk;
    }
  })();
  const plain = request.headers["content-encoding"] === "gzip" ? unpacked(counted) : counted;
  const chunks = plain[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (!commandsEnd(head) && head.length < MOST_COMMAND_BYTES) {
    const next = await chunks.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  return {
    tips: tipsIn(head),
    bytes: () => bytes,
    stream: async function* () {
      try {
        yield head;
        for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
      } finally {
        // Lets go of the request, so that what nobody reads any more can flow off.
        void chunks.return?.();
      }
    },
  };
}

function unpacked(packed: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const gunzip = createGunzip();
  // What goes wrong is thrown to whoever reads from it.
  pipeline(packed, gunzip, () => {});
  return gunzip;
}

/** The commands in `head`, one a packet, up to the flush: https://git-scm.com/docs/gitprotocol-pack#_reference_update_request_and_packfile_transfer */
function packets(head: Buffer): { texts: string[]; ended: boolean } {
  const texts: string[] = [];
  for (let at = 0; at + 4 <= head.length;) {
    const length = Number.parseInt(head.subarray(at, at + 4).toString("latin1"), 16);
    // A flush, or no packet at all.
    if (!(length >= 4)) return { texts, ended: true };
    if (at + length > head.length) break;
    texts.push(head.subarray(at + 4, at + length).toString("latin1"));
    at += length;
  }
  return { texts, ended: false };
}

const commandsEnd = (head: Buffer): boolean => packets(head).ended;

function tipsIn(head: Buffer): string[] {
  return packets(head).texts.flatMap((text) => /^[0-9a-f]{40} ([0-9a-f]{40}) /.exec(text)?.[1] ?? []);
}
