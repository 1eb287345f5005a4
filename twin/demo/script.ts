import { call, lost, report, shell } from "./model.ts";
import type { Asked, Reply, Report } from "./model.ts";
import { CHANGELOG_COMPLAINT, FIX, ISSUE, REVIEW } from "./words.ts";

/**
 * The model of the story of one issue. Whatever a brief must hold (the issue's text, the failed check's message, the
 * reviewer's words) it looks for, and without it does nothing useful; then the demo fails.
 */
export const script = ({ by, prompt, results }: Asked): Reply =>
  by === "planner" ? planner(prompt, results.length) : agent(prompt, results.length);

function planner(prompt: string, results: number): Reply {
  if (!prompt.includes(ISSUE.symptom)) return { content: "I was not told what the issue is." };
  if (results === 0) return call("read", { path: "src/duration.js" });
  const task = {
    id: "several-digits",
    title: FIX.title,
    body: "In src/duration.js the pattern reads one digit of a number. Read them all. Add tests.",
  };
  return call("answer", { kind: "simple", task });
}

/** One turn of the agent: a shell command, and when that is done its report. */
function agent(prompt: string, results: number): Reply {
  const turn = turnOf(prompt);
  if (!turn) return lost("I was not told what is wrong.");
  const command = turn.commands[results];
  return command ? shell(command) : report(turn.report);
}

interface Turn {
  commands: string[];
  report: Report;
}

function turnOf(prompt: string): Turn | null {
  const items = feedbackIn(prompt);
  const [first] = items;
  if (!first) return prompt.includes(ISSUE.symptom) ? implement() : null;
  const complaint = items.find((item) => item.text.includes(CHANGELOG_COMPLAINT));
  if (complaint) return changelog(complaint.id);
  const refuse = items.find((item) => item.text.includes(REVIEW.refuse));
  const why = items.find((item) => item.text.includes(REVIEW.why));
  return refuse && why ? review(refuse.id, why.id) : null;
}

/** The items of "Feedback to answer", by their headings `### <id>: …`. */
function feedbackIn(prompt: string): { id: string; text: string }[] {
  const [, ...parts] = prompt.split(/^### /m);
  return parts.map((part) => ({ id: part.slice(0, part.indexOf(":")), text: part }));
}

function implement(): Turn {
  return {
    commands: [FIX.command, "node --test 2>&1 | tail -12"],
    report: {
      title: FIX.title,
      what: "The pattern in `src/duration.js` took a single digit of each amount, so `10m` was read as `0m`. It takes all digits now.",
      why: "The rest of the parser was right; a larger change wasn't needed.",
      tested: "`node --test`: the tests that were there, and two new ones for amounts of several digits.",
      answers: {},
    },
  };
}

function changelog(id: string): Turn {
  const command = `sed -i 's/^## Unreleased$/## Unreleased\\n\\n- Amounts of several digits (\`10m\`, \`1h30m\`) are read in full./' CHANGELOG.md && npm run -s changelog`;
  return {
    commands: [command],
    report: {
      title: "Note the fix in the changelog",
      what: "Added the missing line to `CHANGELOG.md`.",
      why: "The check asks for one.",
      tested: "`npm run changelog` passes.",
      answers: { [id]: 'Added a line under "Unreleased"; the check passes here now.' },
    },
  };
}

function review(refuse: string, why: string): Turn {
  return {
    commands: [REVIEW.command, "node --test 2>&1 | tail -12"],
    report: {
      title: "Refuse what is no duration",
      what: "`parseDuration` throws a `RangeError` for text that it can't read in full.",
      why: "The reviewer asked for it.",
      tested: "`node --test`, with a new test for it.",
      answers: {
        [refuse]: "Right: it gave 3600 and dropped the rest. It throws a RangeError now, and a test says so.",
        [why]:
          "Because 10 is the smallest amount that showed the bug: with 90 the test would pass even if zeros alone were dropped. I left it as it is.",
      },
    },
  };
}
