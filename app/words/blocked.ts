import { cut } from "./cut.ts";
import { cleanOut } from "./text.ts";

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
  | { kind: "failed"; purpose: string; say: string; attempts: number }
  | { kind: "asks"; say: string }
  | { kind: "nothing"; say: string }
  | { kind: "checks"; names: string[] }
  | { kind: "conflict" };

const RETRY = "`/agent retry` tries again";

/** What is the matter and how to go on, as Markdown. */
export function blockedWords(why: Blocked, issue: number): string {
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
      return `This issue has used ${number(why.spent)} tokens of the ${number(why.limit)} it may use. ${RETRY} with as many again; \`limits.tokens\` in \`.github/coxswain.yml\` raises it for good.`;
    case "rounds":
      return `The pull request has had its ${why.limit} ${why.limit === 1 ? "round" : "rounds"} of follow-ups. ${RETRY} with as many again; \`limits.rounds\` in \`.github/coxswain.yml\` raises it for good.`;
    case "failed": {
      const times = why.attempts > 1 ? `${why.attempts} attempts failed, the last one so` : "It failed";
      return `${times}:\n\n${quote(why.say, issue)}\n\n${RETRY}.`;
    }
    case "asks":
      return `There is a question before I can go on:\n\n${quote(why.say, issue)}\n\nAnswer in a comment here, and I go on.`;
    case "nothing":
      return `The agent ended without changing anything. It said:\n\n${quote(why.say, issue)}\n\n${RETRY}; an edit of the issue's text may help it.`;
    case "checks": {
      const names = why.names.map((name) => `\`${name.replaceAll("`", "")}\``).join(", ");
      const fail = why.names.length === 1 ? "still fails" : "still fail";
      return `${names} ${fail}, and the agent found nothing more to change. ${RETRY}; a push or a re-run of the check moves it on as well.`;
    }
    case "conflict":
      return `The pull request still conflicts with its base branch, and the agent could not resolve it. ${RETRY}; a push that resolves it moves it on as well.`;
  }
}

const number = (n: number): string => n.toLocaleString("en-US");

/** What an agent or the planner said, as data. */
function quote(text: string, issue: number): string {
  return cut(cleanOut(text, { issue }), 2500)
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n");
}
