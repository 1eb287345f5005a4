import type { Rebuilt } from "./api.ts";
import type { Usage } from "./budget.ts";

/**
 * Bytes of a request's JSON per input token, for an upper bound. English and code have 3.5 to 4.5, base64 and digits 2 to 3,
 * languages of three-byte letters 2 to 3, and JSON's own marks count as well. Text that is made to have fewer costs what the model
 * counts: the answer settles it, and what it cost more stands against the next request.
 */
const BYTES_PER_TOKEN = 2;
/** More than any provider counts for one image, which its size in bytes says nothing of. */
const IMAGE_TOKENS = 8_192;

/** The most that a request may cost; `sent` is its body as it goes to the model. */
export function worstOf(request: Rebuilt, sent: string): Usage {
  const images = request.images.reduce((sum, image) => sum + image.length, 0);
  const bytes = Math.max(0, Buffer.byteLength(sent) - images);
  return {
    input: Math.ceil(bytes / BYTES_PER_TOKEN) + request.images.length * IMAGE_TOKENS,
    output: request.output,
  };
}
