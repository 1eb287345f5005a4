import { stripVTControlCharacters } from "node:util";

/** The end of `text`, at most `max` characters, as it reads without a terminal's colours and rewritten lines. */
export function tailOf(text: string, max: number): string {
  const plain = stripVTControlCharacters(text)
    .split("\n")
    .map((line) => line.replace(/\r+$/, "").split("\r").at(-1) ?? "")
    .join("\n")
    .trim();
  return plain.length <= max ? plain : `…${plain.slice(plain.length - max + 1)}`;
}

/** The beginning of `text`, at most `max` characters. */
export function headOf(text: string, max: number): string {
  const trimmed = text.trim();
  return trimmed.length <= max ? trimmed : `${trimmed.slice(0, max - 1)}…`;
}

/** `text` on one line, at most `max` characters. */
export function oneLine(text: string, max: number): string {
  return headOf(text.replace(/\s+/g, " "), max);
}
