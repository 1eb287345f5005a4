import type { Brief } from "../agent-pod/contract/brief.ts";
import { pushCommit } from "../test/harness/git.ts";
import { where } from "../test/harness/github.ts";
import type { Stage } from "../test/harness/stage.ts";

/** What an agent does in its time: it pushes one file of its task's. */
export async function pushWork(stage: Stage, { branch, base, task, author }: Brief): Promise<void> {
  await pushCommit({
    url: stage.gitUrl,
    token: stage.pushToken(),
    branch: branch.name,
    from: base.sha,
    changes: { [`${task.id}.md`]: `The work of ${task.id}.\n` },
    message: task.title,
    author,
  });
}

/** It says that it pushed, and ends. */
export function report({ cluster, clock }: Stage, { run, task }: Brief): void {
  const what = `What ${task.id} is about.`;
  const outcome = { kind: "pushed", title: task.title, what, why: "", tested: "" } as const;
  cluster.end(run, { kind: "ended", at: clock.now(), outcome, answers: {} });
}

/** A CI that passes each new head of a pull request at once; `during` is told of its calls. */
export function passAll({ twin: { world }, ci }: Stage, during: (work: Promise<unknown>) => void): void {
  const { emit } = world;
  world.emit = (told) => {
    emit(told);
    if (told.event !== "pull_request") return;
    if (told.action !== "opened" && told.action !== "synchronize") return;
    const { head } = told.body["pull_request"] as { head: { sha: string } };
    const passed = { status: "completed", conclusion: "success" } as const;
    during(ci.checks.create({ ...where, name: "test", head_sha: head.sha, ...passed }));
  };
}
