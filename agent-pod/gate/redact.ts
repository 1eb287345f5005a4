/** The shapes of tokens and keys that must not leave the gate in an answer or a log line. */
const SHAPES = [
  /\bgh[a-z]_[\w.-]{16,}/g, // https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
  /\bgithub_pat_\w{16,}/g,
  /\bcxp_[\w-]{16,}(?:\.[\w-]+)?/g,
  /\b(?:sk|pk|rk)-[\w*-]{8,}/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /\b(?:Bearer|Basic)\s+[\w.~+/*=-]{8,}/gi,
];

/** `text` without `secrets` and without whatever looks like a token or a key. */
export function redact(text: string, secrets: readonly string[]): string {
  const without = secrets
    .filter(Boolean)
    .reduce((kept, secret) => kept.replaceAll(secret, "[redacted]"), text);
  return SHAPES.reduce((kept, shape) => kept.replace(shape, "[redacted]"), without);
}
