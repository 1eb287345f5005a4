/** A fence of code that is open: its mark, and the column of the list item that it stands in (0: none). */
export interface Fence {
  mark: string;
  indent: number;
}

/** The fence that `line` opens (https://github.github.com/gfm/#fenced-code-blocks). */
export function fenceOf(line: string): Fence | null {
  const fence = /^( {0,3}(?:(?:[-*+]|\d{1,9}[.)]) {1,4})*)(`{3,}(?=[^`]*$)|~{3,})/.exec(line);
  if (!fence) return null;
  const [, before, mark] = fence;
  return { mark: mark!, indent: /[^ ]/.test(before!) ? before!.length : 0 };
}

/** What `line` is to an open fence: code in it, its end, or the first line after the list item that it stood in. */
export function within(line: string, { mark, indent }: Fence): "code" | "end" | "after" {
  if (line.trim() !== "" && line.search(/[^ ]/) < indent) return "after";
  const end = /^\s*(`{3,}|~{3,})\s*$/.exec(line)?.[1];
  return end && end[0] === mark[0] && end.length >= mark.length ? "end" : "code";
}
