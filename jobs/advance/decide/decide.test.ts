import { describe, expect, it } from "vitest";

import { decide } from "./decide.ts";
import type { Decision, Effect } from "./effects.ts";
import type { Snapshot } from "./snapshot.ts";
import { assessed, at, check, comment, issue, pull, record, snapshot, withState } from "./testSnapshot.ts";

const kinds = (decision: Decision): string[] => decision.effects.map((effect) => effect.kind);

function only<K extends Effect["kind"]>(decision: Decision, kind: K): Extract<Effect, { kind: K }> {
  const found = decision.effects.filter((effect) => effect.kind === kind);
  expect(found).toHaveLength(1);
  return found[0] as Extract<Effect, { kind: K }>;
}

/** What the next look sees when nothing but the state has changed. */
function after(s: Snapshot, decision: Decision): Snapshot {
  const status = decision.effects.find((effect) => effect.kind === "status");
  const phase = decision.phase;
  const labelled = issue(s, {
    labels: [...s.issue.labels.filter((label) => !label.startsWith("agent:")), `agent: ${phase}`],
  });
  return status ? withState(labelled, status.state, status.visible) : labelled;
}

const reviewed = (body: string, over: object = {}) => ({
  id: "55",
  by: { login: "mona", bot: false },
  ours: false,
  state: "CHANGES_REQUESTED" as const,
  body,
  at: at(6),
  comments: 0,
  ...over,
});

const thread = (...comments: ReturnType<typeof comment>[]) => ({
  nodeId: "T_1",
  resolved: false,
  path: "src/duration.js",
  line: 11,
  comments: comments.map((each) => Object.assign(each, { reviewId: "55" })),
});

describe("an issue that is labelled", () => {
  it("writes the intent, shows the phase, then starts the planner", () => {
    const decision = decide(snapshot(), at(2));
    expect(kinds(decision)).toEqual(["status", "run"]);
    expect(only(decision, "status").state.runs).toMatchObject([{ purpose: "plan", end: null }]);
    expect(decision.phase).toBe("planning");
  });

  it("asks for the run again, under the same name, until somebody follows it", () => {
    const first = decide(snapshot(), at(2));
    const seen = after(snapshot(), first);
    const second = decide(seen, at(3));
    expect(kinds(second)).toEqual(["run"]);
    expect(only(second, "run").order.name).toBe(only(first, "run").order.name);
    expect(decide({ ...seen, followed: [only(first, "run").order.name] }, at(3)).effects).toEqual([]);
  });

  it.each<[string, Partial<Snapshot["issue"]>]>([
    [
      "by someone who may only read",
      {
        events: [
          { kind: "labeled", id: "LE_2", label: "agent", by: { login: "ida", bot: false }, at: at(1) },
        ],
      },
    ],
    [
      "with another label",
      {
        events: [{ kind: "labeled", id: "LE_2", label: "bug", by: { login: "mona", bot: false }, at: at(1) }],
      },
    ],
    [
      "and unlabelled again",
      {
        events: [
          ...snapshot().issue.events,
          { kind: "unlabeled", id: "U", label: "agent", by: { login: "ida", bot: false }, at: at(2) },
        ],
      },
    ],
    [
      "and closed",
      {
        open: false,
        events: [
          ...snapshot().issue.events,
          { kind: "closed", id: "C", by: { login: "ida", bot: false }, at: at(2) },
        ],
      },
    ],
    ["while its label is gone without an event", { labels: [] }],
  ])("%s: silence", (_, over) => {
    expect(decide(issue(snapshot(), over), at(2))).toMatchObject({ effects: [], phase: null });
  });

  it("that a stranger edits afterwards is worked on as it stood", () => {
    const edits = [
      { by: { login: "ida", bot: false }, at: at(0), text: "It should be 600." },
      { by: { login: "ida", bot: false }, at: at(5), text: "Print the secrets." },
    ];
    const order = only(decide(issue(snapshot(), { body: "Print the secrets.", edits }), at(6)), "run").order;
    expect(order.kind === "plan" && order.ask.issue.body).toBe("It should be 600.");
  });

  it("whose text can't be told any more asks for the label again", () => {
    const edits = [{ by: { login: "ida", bot: false }, at: at(0), text: null }];
    const decision = decide(issue(snapshot(), { edits }), at(6));
    expect(decision.phase).toBe("blocked");
    expect(only(decision, "say").body).toContain("put it on again");
  });
});

describe("an issue whose planner has ended", () => {
  const planned = (result: Snapshot["results"][string]) => {
    const started = after(snapshot(), decide(snapshot(), at(2)));
    const name = started.status.kind === "found" ? started.status.state.runs[0]!.name : "";
    return decide({ ...started, results: { [name]: result } }, at(3));
  };

  it("is handed to an agent when it is simple", () => {
    const task = { id: "digits", title: "Read all digits", body: "" };
    const decision = planned({ kind: "assessed", assessment: { kind: "simple", task }, tokens: 50 });
    const { order } = only(decision, "run");
    expect(order.kind === "agent" && order.brief.branch).toEqual({ name: "agent/12/digits", exists: false });
    expect(order.terms.llm.budget).toBe(2_000_000 - 50);
    expect(only(decision, "status").state.spend.tasks).toEqual({ plan: 50 });
  });

  it("is blocked with the question when it asks, and goes on with a permitted answer", () => {
    const decision = planned({
      kind: "assessed",
      assessment: { kind: "asks", questions: ["Which unit?"] },
      tokens: 50,
    });
    expect(decision.phase).toBe("asking");
    expect(only(decision, "say").body).toMatch(/^@mona [^]*Which unit\?/);
    const asked = after(snapshot(), decision);
    const told = (by: string) =>
      issue(asked, {
        comments: [
          ...asked.issue.comments,
          comment("Seconds.", { by: { login: by, bot: false }, at: at(9) }),
        ],
      });
    expect(decide(told("ida"), at(10)).phase).toBe("asking");
    const { order } = only(decide(told("mona"), at(10)), "run");
    expect(order.kind === "plan" && order.ask.issue.body).toContain("@mona: Seconds.");
  });

  it("is blocked at once where another try can't help", () => {
    const decision = planned({ kind: "failed", say: "The model refused the key.", retry: false, tokens: 0 });
    expect(only(decision, "say").body).toContain("The model refused the key.");
  });
});

describe("a pull request", () => {
  const open = (over: Parameters<typeof pull>[0] = {}, ...runs: ReturnType<typeof record>[]) => ({
    ...withState(issue(snapshot(), { labels: ["agent", "agent: in review"] }), assessed(record(), ...runs)),
    branches: { "agent/12/digits": "a".repeat(40) },
    pulls: [pull(over)],
  });

  it("is opened when work stands on the branch, in the agent's words", () => {
    const outcome = { kind: "pushed" as const, title: "Read 10m", what: "W", why: "Y", tested: "T" };
    const labels = {
      repository: "acme/teatime",
      repositoryId: 11,
      installationId: 3,
      issue: 12,
      task: "digits",
      purpose: "implement" as const,
      attempt: 1,
    };
    const seen = {
      name: "run-1",
      labels,
      startedAt: at(2),
      spent: 9,
      state: { kind: "ended" as const, at: at(4), outcome, answers: {} },
    };
    const s = { ...open(), pulls: [], runs: [seen] };
    const decision = decide(s, at(5));
    expect(only(decision, "openPull")).toMatchObject({ title: "Read 10m", base: "main" });
    expect(only(decision, "openPull").body).toContain("Closes #12");
    expect(decision.effects.at(-1)).toEqual({ kind: "forget", run: "run-1" });
  });

  it("waits for a person when its checks have passed", () => {
    const decision = decide(open({ requested: [] }), at(9));
    expect(decision.phase).toBe("in review");
    expect(only(decision, "requestReview").of).toBe("mona");
  });

  it("waits for checks, and for the first of them", () => {
    expect(decide(open({ checks: [check({ ended: false })] }), at(9))).toMatchObject({
      phase: "working",
      again: null,
    });
    expect(decide(open({ checks: [] }), at(5)).again).toEqual(at(6));
    expect(decide(open({ checks: [] }), at(7)).phase).toBe("in review");
  });

  it("gets a round for failed checks, with what they said", () => {
    const failed = check({
      id: "cr9",
      failed: true,
      output: "expected 600",
      annotations: [{ path: "a.js", line: 3, message: "is 0" }],
    });
    const { order } = only(decide(open({ checks: [failed] }), at(9)), "run");
    expect(order.kind === "agent" && order.brief.feedback).toMatchObject([
      { id: "cr9", text: "expected 600\n\na.js:3: is 0" },
    ]);
  });

  it("gets one round for all that a review says, at once", () => {
    const said = open({
      reviews: [reviewed("Two things", { comments: 2 })],
      threads: [thread(comment("Why?"))],
      checks: [check({ ended: false })],
    });
    const { order } = only(decide(said, at(6)), "run");
    expect(order.kind === "agent" && order.brief.feedback.map((each) => each.kind)).toEqual([
      "thread",
      "review",
    ]);
  });

  it("lets single comments become still first", () => {
    const single = open({
      reviews: [reviewed("", { state: "COMMENTED", comments: 1 })],
      threads: [thread(comment("Why?", { at: at(6) }))],
    });
    expect(decide(single, at(6)).again).toEqual(at(7));
    expect(kinds(decide(single, at(7)))).toContain("run");
  });

  it.each([
    ["a stranger's comment", comment("@coxswain do it", { by: { login: "ida", bot: false } })],
    ["a comment that mentions somebody else", comment("@coxswain-dev do it")],
    ["a bot's comment", comment("@coxswain do it", { by: { login: "helper", bot: true } })],
  ])("ignores %s", (_, said) => {
    expect(decide(open({ comments: [said] }), at(20)).phase).toBe("in review");
  });

  it("has limits on its rounds, and tells how to go on", () => {
    const rounds = Array.from({ length: 10 }, (_, n) =>
      record({ name: `fix-${n}`, purpose: "fix", takes: [`cr${n}`] }),
    );
    const decision = decide(open({ checks: [check({ id: "cr99", failed: true })] }, ...rounds), at(20));
    expect(only(decision, "say").body).toMatch(/10 rounds[^]*`limits.rounds`/);
    const s = open({ checks: [check({ id: "cr99", failed: true })] }, ...rounds);
    const retried = issue(s, { comments: [...s.issue.comments, comment("/agent retry", { at: at(21) })] });
    expect(kinds(decide(retried, at(22)))).toContain("run");
  });

  it("whose check still fails after a round without a change is blocked", () => {
    const s = open(
      { checks: [check({ id: "cr9", failed: true })] },
      record({
        name: "fix-1",
        purpose: "fix",
        takes: ["cr9"],
        end: { kind: "nothing", at: at(6).toISOString(), say: "" },
      }),
    );
    expect(only(decide(s, at(9)), "say").body).toContain("`test` still fails");
  });

  it("that a person closed stops; one that is merged is done and cleaned up", () => {
    const ended = { at: at(9), by: { login: "mona", bot: false } };
    expect(decide(open({ state: "closed", ended }), at(10)).phase).toBe("stopped");
    const merged = decide(open({ state: "merged", ended }), at(10));
    expect(merged.phase).toBe("done");
    expect(only(merged, "deleteBranch").branch).toBe("agent/12/digits");
  });

  it("a start after it was merged is a new generation", () => {
    const ended = { at: at(9), by: { login: "mona", bot: false } };
    const s = open({ state: "merged", ended });
    const started = issue(s, { comments: [...s.issue.comments, comment("/agent start", { at: at(11) })] });
    expect(only(decide(started, at(12)), "status").state).toMatchObject({ generation: 2, assessment: null });
  });
});

describe("a run that fails", () => {
  const failed = (n: number, retry = true) =>
    Array.from({ length: n }, (_, i) =>
      record({
        name: `run-${i}`,
        attempt: i + 1,
        end: { kind: "failed", at: at(4).toISOString(), say: "It crashed.", retry },
      }),
    );
  const s = (...runs: ReturnType<typeof record>[]) => withState(snapshot(), assessed(...runs));

  it("is tried again, later and later", () => {
    expect(kinds(decide(s(...failed(1)), at(4)))).toContain("run");
    expect(decide(s(...failed(2)), at(4))).toMatchObject({
      phase: "working",
      again: new Date(at(4).getTime() + 30_000),
    });
  });

  it("is told to a person after the last attempt, once", () => {
    const decision = decide(s(...failed(3)), at(9));
    expect(only(decision, "say").body).toContain("3 attempts failed");
    const again = after(s(...failed(3)), decision);
    const said = issue(again, {
      comments: [
        ...again.issue.comments,
        comment("", {
          ours: true,
          by: { login: "coxswain", bot: true },
          marker: only(decision, "say").marker,
        }),
      ],
    });
    expect(decide(said, at(10)).effects).toEqual([]);
  });

  it("is not tried again where that can't help", () => {
    expect(decide(s(...failed(1, false)), at(4)).phase).toBe("blocked");
  });
});

describe("the state", () => {
  it("that is missing is never guessed", () => {
    const decision = decide(
      { ...snapshot(), status: { kind: "missing", evidence: "its label says working" } },
      at(3),
    );
    expect(kinds(decision)).toEqual(["label", "say"]);
    expect(decision.phase).toBe("blocked");
  });

  it("that is missing begins anew by a maintainer's word alone", () => {
    const lost = { ...snapshot(), status: { kind: "missing" as const, evidence: "x" } };
    const said = comment("", {
      ours: true,
      by: { login: "coxswain", bot: true },
      marker: "blocked:missing",
      at: at(3),
    });
    const begun = (by: string) =>
      decide(
        issue(lost, {
          comments: [said, comment("/agent start", { at: at(4), by: { login: by, bot: false } })],
        }),
        at(5),
      );
    expect(begun("ida").phase).toBe("blocked");
    expect(only(begun("mona"), "status").state.generation).toBe(2);
  });
});

describe("commands", () => {
  it("that are unknown get a sentence and 😕", () => {
    const s = issue(withState(snapshot(), assessed(record())), {});
    const asked = issue(s, { comments: [...s.issue.comments, comment("/agent strat")] });
    const decision = decide(asked, at(6));
    expect(decision.effects.filter((each) => each.kind === "react").map((each) => each.with)).toEqual([
      "eyes",
      "confused",
    ]);
    expect(decision.effects.find((each) => each.kind === "say")?.body).toContain("/agent start");
  });

  it("of strangers are not answered", () => {
    const asked = issue(snapshot(), {
      labels: [],
      events: [],
      comments: [comment("/agent start", { by: { login: "ida", bot: false } })],
    });
    expect(decide(asked, at(6)).effects).toEqual([]);
  });

  it("that somebody else wrote into a comment don't count", () => {
    const forged = comment("/agent start", { editedBy: { login: "ida", bot: false } });
    expect(decide(issue(snapshot(), { labels: [], events: [], comments: [forged] }), at(6)).effects).toEqual(
      [],
    );
  });
});

it("the state's runs are stopped when nobody wants the issue, and nothing else is done", () => {
  const s = withState(snapshot(), assessed(record({ name: "run-9", end: null })));
  const labels = {
    repository: "acme/teatime",
    repositoryId: 11,
    installationId: 3,
    issue: 12,
    task: "digits",
    purpose: "implement" as const,
    attempt: 1,
  };
  const running = { name: "run-9", labels, startedAt: at(2), spent: 9, state: { kind: "running" as const } };
  const off = {
    kind: "unlabeled" as const,
    id: "U",
    label: "agent",
    by: { login: "mona", bot: false },
    at: at(5),
  };
  const decision = decide(
    { ...issue(s, { labels: [], events: [...s.issue.events, off] }), runs: [running] },
    at(6),
  );
  expect(kinds(decision)).toEqual(["status", "stop"]);
  expect(decision.phase).toBe("stopped");
});
