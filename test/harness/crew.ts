import type { Brief } from "../../agent-pod/contract/brief.ts";
import { spentKey } from "../../agent-pod/contract/lease.ts";
import type { Outcome } from "../../agent-pod/contract/outcome.ts";
import type { Acts } from "./acts.ts";
import { pushCommit } from "./git.ts";
import type { Stage } from "./stage.ts";

interface Work {
  /** Whole files by path; made up if it isn't said. */
  changes?: Record<string, string | null>;
  /** Answers, by a piece of what they answer. */
  answers?: Record<string, string>;
  title?: string;
  what?: string;
  why?: string;
  tested?: string;
  /** What the gate counted. */
  tokens?: number;
}

/** The agents: each waits until the scenario says what it does. */
export interface Crew {
  /** Tasks that agents are at work on. */
  atWork(): string[];
  /** What the agent at work on `task` was told. */
  brief(task?: string): Brief;
  /** It commits, pushes, answers, and ends. */
  finishes(task: string, work?: Work): Promise<void>;
  /** It commits and pushes, and is still at work. */
  pushes(task: string, changes: Record<string, string>): Promise<void>;
  endsWithoutChange(task: string, say: string, work?: Pick<Work, "answers">): Promise<void>;
  asks(task: string, question: string): Promise<void>;
  fails(task: string, reason: Extract<Outcome, { kind: "failed" }>["reason"], say: string): Promise<void>;
  /** Its pod shows, before anything else, that it is held back, or what it could reach: then it fails. */
  showsWalls(task: string, reached?: string): Promise<void>;
  /** It ends without an outcome. */
  crashes(task: string, say?: string): Promise<void>;
  /** It says that it pushed, and didn't. */
  reportsFalsely(task: string): Promise<void>;
}

export function openCrew(stage: Stage, { act }: Acts): Crew {
  const { cluster, clock, app } = stage;
  let commits = 0;
  const end = async (brief: Brief, outcome: Outcome, { answers = {}, tokens = 0 }: Work = {}) => {
    if (tokens > 0) await app.ports.redis.hincrby(spentKey(app.ports.prefix, brief.run), "spent", tokens);
    cluster.end(brief.run, { kind: "ended", at: clock.now(), outcome, answers: byId(brief, answers) });
  };
  const push = async (brief: Brief, changes: Work["changes"]) => {
    commits++;
    await pushCommit({
      url: stage.gitUrl,
      token: stage.pushToken(),
      branch: brief.branch.name,
      from: brief.base.sha,
      ...(brief.purpose === "resolve" ? { merge: brief.base.branch } : {}),
      changes: changes ?? { [`work-${commits}.md`]: `Commit ${commits}.\n` },
      message: `${brief.task.title}\n\nCo-authored-by: ${brief.coAuthor?.name} <${brief.coAuthor?.email}>`,
      author: brief.author,
    });
  };
  const pushed = ({ title, what, why, tested }: Work): Outcome => ({
    kind: "pushed",
    title: title ?? "Read all digits",
    what: what ?? "The pattern takes all digits.",
    why: why ?? "It took one.",
    tested: tested ?? "`npm test` passes.",
  });
  return {
    atWork: cluster.atWork,
    brief: (task) => cluster.at(task),
    finishes: (task, work = {}) =>
      act(async () => {
        const brief = cluster.at(task);
        await push(brief, work.changes);
        await end(brief, pushed(work), work);
      }),
    pushes: (task, changes) => act(() => push(cluster.at(task), changes)),
    endsWithoutChange: (task, say, work) => act(() => end(cluster.at(task), { kind: "nothing", say }, work)),
    asks: (task, question) => act(() => end(cluster.at(task), { kind: "asks", question })),
    fails: (task, reason, say) => act(() => end(cluster.at(task), { kind: "failed", reason, say })),
    showsWalls: (task, reached = "") =>
      act(async () => {
        const brief = cluster.at(task);
        const open = reached !== "";
        cluster.prints(brief.run, { n: 0, kind: "walls", open, text: reached });
        if (open)
          await end(brief, { kind: "failed", reason: "network", say: `Its pod could reach ${reached}.` });
      }),
    crashes: (task, say = "It ended without an outcome.") =>
      act(async () =>
        cluster.end(cluster.at(task).run, { kind: "lost", at: clock.now(), say, reason: "crashed" }),
      ),
    reportsFalsely: (task) => act(() => end(cluster.at(task), pushed({}))),
  };
}

/** Each answer belongs to the one item that holds the words it goes by. */
function byId(brief: Brief, answers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(answers).map(([words, answer]) => {
      const items = brief.feedback.filter((item) => item.text.includes(words) || item.by === words);
      if (items.length !== 1 || !items[0])
        throw new Error(
          `${items.length} items of the brief hold "${words}": ${JSON.stringify(brief.feedback)}`,
        );
      return [items[0].id, answer];
    }),
  );
}
