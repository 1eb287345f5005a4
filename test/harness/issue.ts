import { expect } from "vitest";

import { phaseOfLabel } from "../../app/phase.ts";
import type { Acts } from "./acts.ts";
import { where } from "./github.ts";
import type { Person } from "./github.ts";
import { openPlan } from "./plan.ts";
import type { PlanComment } from "./plan.ts";
import type { Stage } from "./stage.ts";

interface By {
  by: Person;
}

/** An issue, and what people do to it. */
export interface Issue {
  number: number;
  isLabelled(label: string, by: By): Promise<void>;
  isUnlabelled(label: string, by: By): Promise<void>;
  isEdited(to: { title?: string; body?: string }, by: By): Promise<void>;
  isClosed(by: By): Promise<void>;
  isReopened(by: By): Promise<void>;
  /** Returns the comment's id. */
  getsComment(text: string, by: By): Promise<number>;
  /** The phase that its label shows; null: none. Fails if there are two. */
  phase(): string | null;
  isOpen(): boolean;
  /** What was reacted with to a comment, in the order of the alphabet. */
  reactions(comment: number): Promise<string[]>;
  labels(): string[];
  plan: PlanComment;
}

export function openIssue(number: number, acts: Acts, stage: Stage): Issue {
  const { act, seen } = acts;
  const { admin } = stage.people;
  const at = { ...where, issue_number: number };
  const now = () => seen().issues.find((issue) => issue.number === number)!;
  const update = (to: object, { by }: By) =>
    act(async () => void (await by.octokit.issues.update({ ...at, ...to })));
  return {
    number,
    isLabelled: (label, { by }) =>
      act(async () => void (await by.octokit.issues.addLabels({ ...at, labels: [label] }))),
    isUnlabelled: (name, { by }) =>
      act(async () => void (await by.octokit.issues.removeLabel({ ...at, name }))),
    isEdited: update,
    isClosed: (by) => update({ state: "closed" }, by),
    isReopened: (by) => update({ state: "open" }, by),
    getsComment: (body, { by }) =>
      act(async () => (await by.octokit.issues.createComment({ ...at, body })).data.id),
    phase() {
      const phases = now()
        .labels.map(phaseOfLabel)
        .filter((phase) => phase !== null);
      expect(phases.length, `phases that are shown: ${phases.join(", ")}`).toBeLessThan(2);
      return phases[0] ?? null;
    },
    isOpen: () => now().open,
    async reactions(comment_id) {
      const { data } = await admin.octokit.reactions.listForIssueComment({ ...where, comment_id });
      return data.map(({ content }) => content).sort();
    },
    labels: () => now().labels,
    plan: openPlan(number, acts, stage),
  };
}
