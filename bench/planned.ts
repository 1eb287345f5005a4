import { deriveKey } from "../agent-pod/contract/pass.ts";
import { planHash } from "../app/plan/plan.ts";
import type { Plan } from "../app/plan/plan.ts";
import { firstState } from "../jobs/advance/decide/state.ts";
import type { State } from "../jobs/advance/decide/state.ts";
import { printStatus, readStatus } from "../jobs/advance/statusComment.ts";
import type { StatusHome } from "../jobs/advance/statusComment.ts";
import { OWNER, REPO } from "../test/harness/github.ts";
import type { GitHub } from "../test/harness/github.ts";
import { issueByNumber, repositoryByName } from "../twin/store.ts";
import { childrenOf } from "../twin/table.ts";

/**
 * An issue whose `plan` stands in its state as approved: in a status comment that the app's key signs. Nothing has begun
 * yet: labelling it starts the work. Returns its number.
 */
export async function plannedIssue(github: GitHub, plan: Plan, repo = REPO): Promise<number> {
  const { people, bot } = github;
  const where = { owner: OWNER, repo };
  const { data } = await people.stranger.octokit.issues.create({ ...where, title: "All of it", body: "" });
  const approved = { plan, hash: planHash(plan), by: people.maintainer.login, at: new Date().toISOString() };
  const body = printStatus({
    visible: "The plan was put here by a benchmark.",
    state: { ...firstState(), assessment: { kind: "complex" }, approved },
    ...homeOf(github, repo, data.number),
  });
  await bot.issues.createComment({ ...where, issue_number: data.number, body });
  return data.number;
}

/** Hands the issue to the app. */
export async function label({ people }: GitHub, issue_number: number, repo = REPO): Promise<void> {
  const where = { owner: OWNER, repo };
  await people.maintainer.octokit.issues.addLabels({ ...where, issue_number, labels: ["agent"] });
}

/** What stands in the state of such an issue. */
export function stateOf(github: GitHub, issue: number, repo = REPO): State {
  const home = homeOf(github, repo, issue);
  const { state } = github.twin.world;
  const there = issueByNumber(state, home.repositoryId, issue);
  for (const { body } of there ? childrenOf(state.comments, there.id) : []) {
    const status = readStatus(body, home);
    if (status.kind === "valid") return status.state;
  }
  throw new Error(`${repo}#${issue} has no state.`);
}

function homeOf({ twin, registered }: GitHub, repo: string, issue: number): StatusHome {
  const repository = repositoryByName(twin.world.state, OWNER, repo);
  if (!repository) throw new Error(`There is no ${OWNER}/${repo}.`);
  const key = deriveKey(registered.privateKey, "state");
  return { appId: registered.app.id, repositoryId: repository.id, issue, key };
}
