import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Plan } from "../../../app/plan/plan.ts";
import { parsePlan } from "../../../app/plan/yaml.ts";
import { planWords } from "../../../app/words/plan.ts";
import type { TaskState, TaskViews } from "../../../app/words/planTasks.ts";
import { rootBody, rootTitle } from "../../../app/words/rootPull.ts";
import { createComment } from "../../acts/comments.ts";
import { writeFile } from "../../acts/contents.ts";
import { createIssue } from "../../acts/issues.ts";
import { addLabels, createLabel } from "../../acts/labels.ts";
import { createPull } from "../../acts/pulls.ts";
import { react } from "../../acts/reactions.ts";
import { createRef } from "../../acts/refs.ts";
import { readRef } from "../../git/refs.ts";
import { gitDir } from "../../git/run.ts";
import type { Issue, Repository } from "../../model.ts";
import { asApp, installApp, registerApp } from "../../setup/apps.ts";
import type { Manifest } from "../../setup/apps.ts";
import { createAccount, createPerson, setLevel } from "../../setup/people.ts";
import type { Person } from "../../setup/people.ts";
import { createRepository } from "../../setup/repositories.ts";
import { startTwin } from "../../twin.ts";
import type { Twin } from "../../twin.ts";
import type { Viewer } from "../../viewer.ts";

/** What the pictures show: a plan that waits for a person, and the pull request that its tasks are merged into. */
export interface Stage {
  twin: Twin;
  /** The pages' addresses. */
  issue: string;
  pull: string;
}

interface Cast {
  twin: Twin;
  repository: Repository;
  mona: Person;
  bot: Viewer;
}

const root = join(import.meta.dirname, "../../..");
const TITLE = "Let members sign in with the tea house's account";

/** Sets a small twin up, with the app's own words in it, and nobody at work. */
export async function setStage(): Promise<Stage> {
  const twin = await startTwin();
  const cast = await castOf(twin);
  const plan = readPlan();
  const issue = await planned(cast, plan);
  const pull = await underWay(cast, plan, issue);
  const address = `${twin.world.urls.web}/acme/teatime`;
  return { twin, issue: `${address}/issues/${issue.number}`, pull: `${address}/pull/${pull}` };
}

async function castOf(twin: Twin): Promise<Cast> {
  const { world } = twin;
  const owner = createAccount(world, { login: "acme", type: "Organization", name: null });
  const mona = createPerson(world, "mona");
  const files = { folder: join(import.meta.dirname, "../sample") };
  const repository = await createRepository(world, { owner, name: "teatime", files });
  setLevel(world, repository, { accountId: mona.account.id, level: "admin" });
  const manifest = parse(readFileSync(join(root, "app.yml"), "utf8")) as Manifest;
  const { app } = registerApp(world, { owner, manifest });
  installApp(world, { app, account: owner, repositories: "all" });
  return { twin, repository, mona, bot: asApp(world, app) };
}

function readPlan(): Plan {
  const read = parsePlan(readFileSync(join(import.meta.dirname, "plan.yaml"), "utf8"));
  if ("errors" in read) throw new Error(read.errors.map(({ say }) => say).join(" "));
  return read.plan;
}

async function planned({ twin: { world }, repository, mona, bot }: Cast, plan: Plan): Promise<Issue> {
  const body = "They have one at the counter already, and forget the other password.";
  const issue = createIssue(world, mona.viewer, repository, { title: TITLE, body });
  for (const [name, color] of [
    ["agent", "5319e7"],
    ["agent: awaiting approval", "fbca04"],
  ] as const) {
    createLabel(world, mona.viewer, repository, { name, color, description: "" });
    addLabels(world, mona.viewer, issue, [name]);
  }
  const standing = { kind: "awaits", changed: false } as const;
  const words = planWords({ issue: issue.number, asker: "mona", plan, tasks: {}, standing });
  react(world, mona.viewer, createComment(world, bot, issue, words), "+1");
  return issue;
}

/** The root pull request, after the first tasks. Returns its number. */
async function underWay(
  { twin: { world }, repository, bot }: Cast,
  plan: Plan,
  issue: Issue,
): Promise<number> {
  const head = `agent/${issue.number}/root`;
  const main = await readRef(gitDir(world, repository), "refs/heads/main");
  await createRef(world, bot, repository, { ref: `refs/heads/${head}`, sha: main! });
  for (const { title, files } of plan.tasks.slice(0, 4))
    await writeFile(world, bot, repository, {
      path: files[0]!,
      content: Buffer.from(`${title}\n`),
      message: title,
      branch: head,
    });
  const body = rootBody({ issue: issue.number, plan, tasks: viewsOf(plan) });
  const asked = {
    title: rootTitle({ title: TITLE, number: issue.number }),
    body,
    head,
    base: "main",
    draft: true,
  };
  return (await createPull(world, bot, repository, asked)).number;
}

/** The first wave is merged, the second is at work, one task of it failed. */
function viewsOf({ tasks }: Plan): TaskViews {
  const states: TaskState[] = ["merged", "merged", "merged", "merged", "in review", "working", "blocked"];
  return Object.fromEntries(tasks.map(({ id }, at) => [id, { state: states[at] ?? "waiting", pull: null }]));
}
