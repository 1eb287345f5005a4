const KEY = /^[A-Za-z0-9:._/-]+$/;
const MARKER = /^<!-- coxswain:(\d+):([A-Za-z0-9:._/-]+) -->/;

/**
 * The hidden first line of every comment of ours, which says what the comment is (design §1): of two with one marker the
 * older counts. Throws if `key` has other characters than `A-Z a-z 0-9 : . _ / -`.
 */
export function marker(appId: number, key: string): string {
  if (!KEY.test(key)) throw new Error(`“${key}” can't be the key of a comment's marker.`);
  return `<!-- coxswain:${appId}:${key} -->`;
}

/** The key in the marker that `body` starts with; null where there is none, or it is another app's. */
export function readMarker(appId: number, body: string): string | null {
  const [, app, key] = MARKER.exec(body) ?? [];
  return app === String(appId) ? (key ?? null) : null;
}
