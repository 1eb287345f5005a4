import { readPlanWords, yamlFence } from "../../app/words/planFence.ts";
import type { Acts } from "./acts.ts";
import { where } from "./github.ts";
import type { Person } from "./github.ts";
import type { Stage } from "./stage.ts";
import type { Said } from "./view.ts";

interface By {
  by: Person;
}

/** The newest plan comment of an issue, and what people do to it. */
export interface PlanComment {
  /** Its id, as the REST API has it. */
  id(): number;
  /** What it shows; fails if there is none. */
  text(): string;
  yaml(): string;
  /** Whether there is one. */
  exists(): boolean;
  /** GitHub sends no webhook for a reaction: the app's timer reads it. */
  getsThumbsUp(by: By): Promise<void>;
  getsThumbsDown(by: By): Promise<void>;
  /** The approve box is ticked. */
  isTicked(by: By): Promise<void>;
  /** Its YAML is edited. */
  isEdited(change: (yaml: string) => string, by: By): Promise<void>;
  isDeleted(by: By): Promise<void>;
}

/** The plan comment of issue `issue`. */
export function openPlan(issue: number, { act, seen }: Acts, stage: Stage): PlanComment {
  const bot = `${stage.registered.app.slug}[bot]`;
  const isIt = ({ by, on, marker }: Said) =>
    by === bot && on === issue && (marker?.startsWith("plan:") ?? false);
  const now = () => {
    const comment = seen().said.findLast(isIt);
    if (!comment) throw new Error(`Issue #${issue} has no plan comment.`);
    return comment;
  };
  const at = () => ({ ...where, comment_id: now().id });
  const yaml = () => readPlanWords(now().text).yaml ?? "";
  const edit = ({ octokit }: Person, change: (body: string) => string) =>
    act(async () => {
      const { data } = await octokit.issues.getComment(at());
      await octokit.issues.updateComment({ ...at(), body: change(data.body ?? "") });
    });
  const react = ({ octokit }: Person, content: "+1" | "-1") =>
    act(async () => {
      await octokit.reactions.createForIssueComment({ ...at(), content });
      await stage.readsThumbs();
    });
  return {
    id: () => now().id,
    text: () => now().text,
    yaml,
    exists: () => seen().said.some(isIt),
    getsThumbsUp: ({ by }) => react(by, "+1"),
    getsThumbsDown: ({ by }) => react(by, "-1"),
    isTicked: ({ by }) => edit(by, (body) => body.replace("- [ ] **Approve", "- [x] **Approve")),
    isEdited: (change, { by }) =>
      edit(by, (body) => body.replace(yamlFence(yaml()), () => yamlFence(withEnd(change(yaml()))))),
    isDeleted: ({ by }) => act(async () => void (await by.octokit.issues.deleteComment(at()))),
  };
}

const withEnd = (yaml: string): string => (yaml.endsWith("\n") ? yaml : `${yaml}\n`);
