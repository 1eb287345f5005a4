import { planHash } from "../app/plan/plan.ts";
import type { Plan } from "../app/plan/plan.ts";
import { firstState } from "../jobs/advance/decide/state.ts";
import { printStatus } from "../jobs/advance/statusComment.ts";
import { OWNER, REPO, where } from "../test/harness/github.ts";
import type { Stage } from "../test/harness/stage.ts";
import { repositoryByName } from "../twin/store.ts";

/**
 * An issue whose `plan` stands in its state as approved: in a status comment that the app's key signs. Nothing has begun
 * yet: labelling it starts the work. Returns its number.
 */
export async function plannedIssue(stage: Stage, plan: Plan): Promise<number> {
  const { people, bot, twin, app, registered } = stage;
  const { data } = await people.stranger.octokit.issues.create({ ...where, title: "All of it", body: "" });
  const repository = repositoryByName(twin.world.state, OWNER, REPO);
  if (!repository) throw new Error(`The stage has no ${OWNER}/${REPO}.`);
  const approved = { plan, hash: planHash(plan), by: people.maintainer.login, at: new Date().toISOString() };
  const body = printStatus({
    visible: "The plan was put here by a benchmark.",
    state: { ...firstState(), assessment: { kind: "complex" }, approved },
    appId: registered.app.id,
    repositoryId: repository.id,
    issue: data.number,
    key: app.ports.stateKey,
  });
  await bot.issues.createComment({ ...where, issue_number: data.number, body });
  return data.number;
}

/** Hands the issue to the app. */
export async function label({ people }: Stage, issue_number: number): Promise<void> {
  await people.maintainer.octokit.issues.addLabels({ ...where, issue_number, labels: ["agent"] });
}
