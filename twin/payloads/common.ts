/** A time as GitHub writes it: UTC, whole seconds. */
export function iso(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** A time, or null where there is none yet. */
export function isoOrNull(at: number | null): string | null {
  return at === null ? null : iso(at);
}
