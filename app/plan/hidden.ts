/**
 * What is in a text and isn't seen: default-ignorable characters (zero-width, bidirectional, tags, variation selectors),
 * controls but line ends and tabs, separators, lone surrogates. People approve what they see; an agent reads all. Emoji
 * and the joiners within words, which some scripts need, are seen.
 */
const SEEN = /\p{RGI_Emoji}|(?<=[\p{L}\p{M}])[\u200C\u200D](?=\p{L})/v;
const HIDDEN = /[\p{DI}\p{Cs}\p{Zl}\p{Zp}\uFFF9-\uFFFB]|[\p{Cc}--[\n\t]]/v;
const EITHER = new RegExp(`(${SEEN.source})|${HIDDEN.source}`, "gv");

/** The first hidden character of `text`, as `U+202E`, or null. */
export function hiddenIn(text: string): string | null {
  for (const [character, seen] of text.matchAll(EITHER)) {
    if (seen === undefined)
      return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
  }
  return null;
}

/** `text` without them. */
export const withoutHidden = (text: string): string => text.replaceAll(EITHER, "$1");
