/** More than people write by themselves: code that they add to a task doesn't end it. */
const LEAST = 4;

const BOX = "**Approve this plan**";

/** The box that people tick. */
export const approveBox = `- [ ] ${BOX}`;

/** `yaml` (which ends its last line) as code, in a fence that nothing in it ends. */
export function yamlFence(yaml: string): string {
  const runs = yaml.match(/`+/g) ?? [];
  const mark = "`".repeat(runs.reduce((most, { length }) => Math.max(most, length + 1), LEAST));
  return `${mark}yaml\n${yaml}${mark}`;
}

/**
 * What people may change in a plan comment: the YAML in it (null where it is gone), and whether the box is ticked. What
 * the planner wrote stands in quotations, within lines of ours or in code, so that neither is mistaken for it.
 */
export function readPlanWords(body: string): { yaml: string | null; ticked: boolean } {
  let yaml: string[] | null = null;
  let ticked = false;
  let open: { mark: string; lines: string[] } | null = null;
  for (const line of body.split(/\r?\n/)) {
    if (open) {
      if (ends(line, open.mark)) open = null;
      else open.lines.push(line);
      continue;
    }
    const [, mark, language] = /^(`{3,}|~{3,})[ \t]*([\w-]*)[^`]*$/.exec(line) ?? [];
    if (mark) {
      open = { mark, lines: [] };
      if (language === "yaml") yaml ??= open.lines;
    } else if (/^[-*+] \[[xX]\] /.test(line) && line.slice(6).trimEnd() === BOX) ticked = true;
  }
  return { yaml: yaml && yaml.map((line) => `${line}\n`).join(""), ticked };
}

/** Whether `line` ends a fence (https://github.github.com/gfm/#fenced-code-blocks). */
function ends(line: string, mark: string): boolean {
  const end = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1];
  return end !== undefined && end[0] === mark[0] && end.length >= mark.length;
}
