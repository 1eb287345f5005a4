import { z } from "zod";

// Each message is the end of "The gate refuses `field` of this request: …".

/** A field that may be absent, null or false, and never goes on. */
export function never(why: string) {
  return z
    .unknown()
    .refine((value) => value === undefined || value === null || value === false, why)
    .optional()
    .transform(() => undefined);
}

const IMAGES = ["png", "jpeg", "gif", "webp"];
const INLINE = `only \`data:\` addresses of images (${IMAGES.join(", ")}) are allowed`;

/** An image in the request itself. A remote address would be fetched by the provider, on our key. */
export const dataUrl = z
  .string(INLINE)
  .regex(new RegExp(`^data:image/(?:${IMAGES.join("|")});base64,`), INLINE);

/** The type of an image in the request itself; what else there is has no bound to its cost. */
export const imageType = z.enum(
  IMAGES.map((type) => `image/${type}`),
  `only ${IMAGES.join(", ")} are allowed`,
);

/** What lies with the provider isn't this run's. */
export const noFileId = never("files that lie with the provider are out of reach");

export const json = z.record(z.string(), z.unknown());
/** A JSON schema; a reference out of it would be fetched by the provider. */
export const schema = json.refine(refersToItself, "a schema may refer to itself alone (`#…`)");
export const text = z.string();
export const number = z.number();
export const count = z.int().nonnegative();
export const optionalText = text.nullish();

/** The default and the limit of what one answer may have. */
export const positive = z.int().positive("must be a positive number of tokens");

function refersToItself(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([key, inner]) =>
    (key === "$ref" || key === "$dynamicRef") && typeof inner === "string"
      ? inner.startsWith("#")
      : refersToItself(inner),
  );
}
