import { quoted } from "./inline.ts";
import { openNetwork } from "./network.ts";

/** Why an issue needs a person. Each has its sentence, and a way on. */
export type Blocked =
  | { kind: "settings"; errors: string[] }
  | { kind: "empty" }
  | { kind: "archived" }
  | { kind: "text" }
  | { kind: "missing"; evidence: string }
  | { kind: "forged" }
  | { kind: "tokens"; spent: number; limit: number }
  | { kind: "rounds"; rounds: number; limit: number }
  /** An agent's pod could reach more than the gate; `say` tells what. */
  | { kind: "network"; say: string }
  | { kind: "failed"; purpose: string; say: string; attempts: number }
  | { kind: "asks"; say: string }
  | { kind: "nothing"; say: string }
  | { kind: "checks"; names: string[] }
  | { kind: "conflict" }
  /** GitHub refuses the merge, with its words. */
  | { kind: "refused"; say: string }
  /** A person closed a task's pull request. */
  | { kind: "closed"; pull: number }
  /** GitHub refuses to make the branch, with its words. */
  | { kind: "branchRefused"; branch: string; say: string }
  | { kind: "rootGone"; branch: string }
  /** Every task of the plan is skipped. */
  | { kind: "skipped" }
  /** The plan comment was deleted while it waited. */
  | { kind: "planGone" };

/** The most that is quoted of an agent's words. */
const QUOTED = 2500;

/**
 * What is the matter and how to go on, as Markdown. `tasks`: the tasks of a plan that it is about, if it is about some;
 * `most`: the most characters that are quoted.
 */
export function blockedWords(why: Blocked, issue: number, tasks: string[] = [], most = QUOTED): string {
  const [task] = tasks;
  if (task === undefined) return reasonWords(why, issue, { retry: "`/agent retry` tries again", most });
  if (tasks.length === 1) {
    const words = reasonWords(why, issue, { retry: `\`/agent retry ${task}\` tries again`, most });
    return `${words} \`/agent skip ${task}\` goes on without it.`;
  }
  const words = reasonWords(why, issue, { retry: "`/agent retry` tries all of them again", most });
  return `${words} \`/agent retry ${task}\` takes one alone, \`/agent skip ${task}\` goes on without it.`;
}

function reasonWords(why: Blocked, issue: number, { retry, most }: { retry: string; most: number }): string {
  const quote = (text: string) => quoted(text, most, issue);
  switch (why.kind) {
    case "settings":
      return `\`.github/coxswain.yml\` on the default branch can't be used:\n${why.errors.map((error) => `- ${error}`).join("\n")}\n\nMend it there; I look again at the next push.`;
    case "empty":
      return "This repository has no commit yet, so there is nothing to start from. Push one, then comment `/agent retry`.";
    case "archived":
      return "This repository is archived: nothing can be pushed to it. Unarchive it, then comment `/agent retry`.";
    case "text":
      return "Part of this issue's edit history was deleted, so I can't tell which text a maintainer has seen. Check the text, then take the label off and put it on again.";
    case "missing":
      return `My status comment is gone, and with it what I knew of this issue (${why.evidence}). I won't guess. \`/agent start\` begins anew, on branches of its own; the old ones stay.`;
    case "forged":
      return "My status comment was changed by somebody, so I can't trust what it says. `/agent start` begins anew, on branches of its own; the old ones stay.";
    case "tokens":
      return `This issue has used ${number(why.spent)} tokens of the ${number(why.limit)} it may use. ${retry} with as many again; \`limits.tokens\` in \`.github/coxswain.yml\` raises it for good.`;
    case "rounds":
      if (why.limit === 0)
        return "`limits.rounds: 0` in `.github/coxswain.yml` allows no follow-ups. Raise it there, and I go on; a push to the branch moves it on as well.";
      return `The pull request has had its ${why.limit} ${why.limit === 1 ? "round" : "rounds"} of follow-ups. ${retry} with as many again; \`limits.rounds\` in \`.github/coxswain.yml\` raises it for good.`;
    case "network":
      return openNetwork(why.say, issue, { retry, most });
    case "failed": {
      const times = why.attempts > 1 ? `${why.attempts} attempts failed, the last one so` : "It failed";
      return `${times}:\n\n${quote(why.say)}\n\n${retry}.`;
    }
    case "asks":
      return `There is a question before I can go on:\n\n${quote(why.say)}\n\nAnswer in a comment here, and I go on.`;
    case "nothing":
      return `The agent ended without changing anything. It said:\n\n${quote(why.say)}\n\n${retry}; an edit of the issue's text may help it.`;
    case "checks": {
      const names = why.names.map((name) => `\`${name.replaceAll("`", "")}\``).join(", ");
      const fail = why.names.length === 1 ? "still fails" : "still fail";
      return `${names} ${fail}, and the agent found nothing more to change. ${retry}; a push or a re-run of the check moves it on as well.`;
    }
    case "conflict":
      return `The pull request still conflicts with its base branch, and the agent could not resolve it. ${retry}; a push that resolves it moves it on as well.`;
    case "refused":
      return `GitHub refuses the merge:\n\n${quote(why.say)}\n\nWhere a rule of the repository says so, change the rule or merge it yourself. ${retry}.`;
    case "closed":
      return `#${why.pull} was closed. Reopen it, and I go on with it. ${retry}.`;
    case "branchRefused":
      return `GitHub refuses to make the branch \`${why.branch}\`, which the tasks start from:\n\n${quote(why.say)}\n\nA rule of the repository says so, most likely: let me make branches that begin with \`agent/\`. Then ${retry}.`;
    case "rootGone":
      return `The branch \`${why.branch}\`, which the tasks are merged into, was deleted. Push its last commit there again, and I go on.`;
    case "skipped":
      return "Every task of the plan is skipped, so there is nothing to merge. `/agent retry <task>` takes one up again, `/agent replan <what to change>` makes another plan.";
    case "planGone":
      return "My plan comment was deleted while it waited for approval. `/agent retry` posts the plan again; `/agent replan <what to change>` makes a new one of it.";
  }
}

const number = (n: number): string => n.toLocaleString("en-US");
