import { createHmac, timingSafeEqual } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";

import { marker, readMarker } from "../../app/words/marker.ts";
import { State } from "./decide/state.ts";

/** The key in the status comment's marker. */
export const STATUS_MARKER = "status";

/** GitHub refuses longer comments: "body is too long (maximum is 65536 characters)". */
const MOST_CHARACTERS = 65_535;
/** What a state may inflate to, so that a small comment can't fill our memory. */
const MOST_BYTES = 1024 * 1024;
const HIDDEN = /\n<!-- coxswain-state:([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+) -->$/;

/** Which issue a status comment belongs to: a copy verifies nowhere else. */
export interface StatusHome {
  appId: number;
  repositoryId: number;
  issue: number;
  /** The key of the HMAC, derived from the app's own. */
  key: Buffer;
  /** The one before, while the app's own is rotated: what it signed is still ours. */
  previousKey?: Buffer;
}

/**
 * The status comment (design §2): its marker, what people see, and the state in a hidden comment with an HMAC over it and
 * its home. Throws if that is longer than GitHub takes.
 */
export function printStatus(status: { visible: string; state: State } & StatusHome): string {
  const payload = deflateRawSync(JSON.stringify(status.state)).toString("base64url");
  const body = [
    marker(status.appId, STATUS_MARKER),
    status.visible,
    `<!-- coxswain-state:${payload}.${sign(payload, status, status.key)} -->`,
  ].join("\n");
  if (body.length > MOST_CHARACTERS)
    throw new Error(
      `The status comment of issue ${status.issue} would have ${body.length} characters; GitHub takes ${MOST_CHARACTERS}.`,
    );
  return body;
}

/** What a status comment of ours says. */
interface Valid {
  kind: "valid";
  state: State;
  visible: string;
  /** It was signed with the previous key: it must be written anew before that one goes. */
  outdated?: true;
}

/**
 * The state in the status comment `body`, and what people see of it; or `forged`, if it isn't what this app wrote for this
 * issue. What people see isn't signed: an edit of it changes nothing, and the next one of ours replaces it.
 */
export function readStatus(body: string, home: StatusHome): Valid | { kind: "forged" } {
  const text = body.replaceAll("\r\n", "\n").trimEnd();
  const [hidden, payload, signature] = HIDDEN.exec(text) ?? [];
  if (!hidden || !payload || !signature || readMarker(home.appId, text) !== STATUS_MARKER)
    return { kind: "forged" };
  const outdated = !same(signature, sign(payload, home, home.key));
  const { previousKey } = home;
  if (outdated && !(previousKey && same(signature, sign(payload, home, previousKey))))
    return { kind: "forged" };
  const state = parse(payload);
  if (!state) return { kind: "forged" };
  const start = marker(home.appId, STATUS_MARKER).length + 1;
  const visible = text.slice(start, text.length - hidden.length);
  return { kind: "valid", state, visible, ...(outdated && { outdated }) };
}

function sign(payload: string, home: StatusHome, key: Buffer): string {
  const signed = JSON.stringify(["coxswain-state", home.appId, home.repositoryId, home.issue, payload]);
  return createHmac("sha256", key).update(signed).digest("base64url");
}

const same = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

function parse(payload: string): State | null {
  try {
    const bytes = inflateRawSync(Buffer.from(payload, "base64url"), { maxOutputLength: MOST_BYTES });
    return State.parse(JSON.parse(bytes.toString("utf8")));
  } catch {
    return null;
  }
}
