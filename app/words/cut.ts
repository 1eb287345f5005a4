/** `text`, shortened to at most `most` characters, with an ellipsis where something is missing. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
}
