import { rejects } from "node:assert/strict";
import type { Tour } from "./tour.ts";

/** What GitHub refuses, in each way in which it does. */
export async function tourRefusals(tour: Tour): Promise<void> {
  const { mona, rita, as, at } = tour;
  await refused(401, as("ghp_none").rest.users.getAuthenticated());
  await refused(404, mona.rest.repos.get({ ...at, repo: "none" }));
  await refused(404, mona.rest.issues.get({ ...at, issue_number: 999 }));
  await refused(403, rita.rest.issues.addLabels({ ...at, issue_number: 1, labels: ["bug"] }));
  await refused(403, rita.rest.issues.createLabel({ ...at, name: "mine" }));
  await refused(422, mona.rest.issues.create({ ...at, title: "" }));
  const issues = `POST /repos/${at.owner}/${at.repo}/issues`;
  await refused(422, mona.request(issues, { data: {} }));
  await refused(400, mona.request(issues, { data: "{" }));
  await refused(422, mona.rest.issues.createLabel({ ...at, name: "bug" }));
  await refused(422, mona.rest.pulls.create({ ...at, title: "None", head: "none", base: "main" }));
  await refused(404, mona.rest.repos.getContent({ ...at, path: "none.txt" }));
  await refused(404, mona.request(`GET /repos/${at.owner}/${at.repo}/contents/..%2Fnone.txt`));
  await refused(404, mona.rest.repos.getBranch({ ...at, branch: "none" }));
  await refused(422, mona.rest.repos.getCommit({ ...at, ref: "none" }));
  await refusedGit(tour);
  await refusedApps(tour);
}

async function refusedGit({ mona, bot, at }: Tour): Promise<void> {
  const { data: main } = await mona.rest.git.getRef({ ...at, ref: "heads/main" });
  const { sha } = main.object;
  await refused(422, mona.rest.git.createRef({ ...at, ref: "refs/heads/main", sha }));
  await refused(422, mona.rest.git.updateRef({ ...at, ref: "heads/none", sha }));
  await refused(422, mona.rest.git.deleteRef({ ...at, ref: "heads/none" }));
  const file = { ...at, path: "src/text.txt", message: "Write", content: "" };
  await refused(409, mona.rest.repos.createOrUpdateFileContents({ ...file, sha: sha.slice(0, 40) }));
  const { data: pulls } = await mona.rest.pulls.list({ ...at, state: "closed" });
  await refused(405, mona.rest.pulls.merge({ ...at, pull_number: pulls[0]!.number }));
  await refused(422, bot.rest.pulls.createReview({ ...at, pull_number: pulls[0]!.number, event: "APPROVE" }));
  await refused(422, bot.rest.checks.create({ ...at, name: "x", head_sha: sha, status: "completed" }));
}

async function refusedApps({ app, mona, as, at, installation }: Tour): Promise<void> {
  const here = { installation_id: installation.id };
  const narrowed = { ...here, permissions: { contents: "read" } } as const;
  const { data: minted } = await app.rest.apps.createInstallationAccessToken(narrowed);
  await refused(403, as(minted.token).rest.issues.create({ ...at, title: "x" }));
  await refused(403, as(minted.token).rest.users.getAuthenticated());
  await refused(401, mona.rest.apps.getAuthenticated());
  await refused(404, app.rest.apps.getInstallation({ installation_id: 1 }));
  const beyond = { ...here, permissions: { administration: "write" } } as const;
  await refused(422, app.rest.apps.createInstallationAccessToken(beyond));
}

async function refused(status: number, asked: Promise<unknown>): Promise<void> {
  await rejects(asked, { status });
}
