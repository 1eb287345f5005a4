import { phaseOfLabel } from "../../../app/phase.ts";
import type { Comment, Snapshot } from "../decide/snapshot.ts";
import type { State } from "../decide/state.ts";
import { STATUS_MARKER, readStatus } from "../statusComment.ts";
import type { StatusHome } from "../statusComment.ts";

/** What the comments say of the state. */
export type Written =
  | { kind: "none" }
  | { kind: "found"; state: State; comment: Comment; visible: string; outdated?: true }
  | { kind: "forged"; comment: Comment };

/** The state in the oldest status comment of ours: of two with one marker the older counts (design §1). */
export function written(comments: Comment[], home: StatusHome): Written {
  const comment = comments.find((each) => each.marker === STATUS_MARKER);
  if (!comment) return { kind: "none" };
  const read = readStatus(comment.body, home);
  return read.kind === "forged" ? { kind: "forged", comment } : { ...read, kind: "found", comment };
}

/** What tells that there has been a status comment though there is none now; in words for people, or null. */
export function evidence(seen: {
  labels: string[];
  branches: string[];
  runs: Snapshot["runs"];
  revision: number | null;
}): string | null {
  const label = seen.labels.find((each) => phaseOfLabel(each) !== null);
  const [branch] = seen.branches;
  const [run] = seen.runs;
  const signs = [
    label && `the issue has the label \`${label}\``,
    branch && `there is the branch \`${branch}\``,
    run && `there is the run \`${run.name}\``,
    seen.revision !== null && `I remember writing its revision ${seen.revision}`,
  ].filter((sign) => typeof sign === "string");
  return signs.length > 0 ? signs.join(", ") : null;
}
