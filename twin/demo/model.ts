import { LLMock } from "@copilotkit/aimock";
import type { ChatCompletionRequest } from "@copilotkit/aimock";

import { CHANGELOG_COMPLAINT, FIX, ISSUE, REVIEW } from "./words.ts";

type Reply = { content: string } | { toolCalls: { name: string; arguments: string }[] };

/**
 * The scripted model: it answers from what it is sent, as a real one would. Whatever a brief must hold (the issue's
 * text, the failed check's message, the reviewer's words) it looks for, and without it does nothing useful; then the
 * demo fails.
 */
export async function startModel(
  port = 0,
): Promise<{ url: string; requests(): number; stop(): Promise<void> }> {
  const mock = new LLMock({ port, logLevel: "silent" });
  mock.on({ predicate: () => true }, (request: ChatCompletionRequest) => ({
    ...reply(request),
    usage: usageOf(request),
  }));
  await mock.start();
  return { url: `${mock.url}/v1`, requests: () => mock.getRequests().length, stop: () => mock.stop() };
}

/** About what a real tokenizer would count: four characters a token. */
function usageOf(request: ChatCompletionRequest): { prompt_tokens: number; completion_tokens: number } {
  return { prompt_tokens: Math.ceil(JSON.stringify(request.messages).length / 4), completion_tokens: 80 };
}

function reply(request: ChatCompletionRequest): Reply {
  const names = (request.tools ?? []).map((tool) => tool.function.name);
  const asked = request.messages.findLastIndex((message) => message.role === "user");
  const prompt = textOf(request.messages[asked]?.content ?? "");
  const results = request.messages.slice(asked + 1).filter((message) => message.role === "tool").length;
  if (names.includes("answer")) return planner(prompt, results);
  return agent(prompt, results);
}

const textOf = (content: NonNullable<ChatCompletionRequest["messages"][number]["content"]>): string =>
  typeof content === "string" ? content : content.map((part) => ("text" in part ? part.text : "")).join("\n");

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
  if (!turn)
    return {
      content: report({
        title: "Nothing",
        what: "I was not told what is wrong.",
        why: "",
        tested: "",
        answers: {},
      }),
    };
  const command = turn.commands[results];
  if (command) return call("bash", { command, description: "Work on the task" });
  return { content: report(turn.report) };
}

interface Turn {
  commands: string[];
  report: Report;
}
interface Report {
  title: string;
  what: string;
  why: string;
  tested: string;
  answers: Record<string, string>;
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

const call = (name: string, input: object): Reply => ({
  toolCalls: [{ name, arguments: JSON.stringify(input) }],
});

const report = (said: Report): string => `Done.\n\n\`\`\`json\n${JSON.stringify(said, null, 2)}\n\`\`\``;
