import type { Octokit } from "@octokit/rest";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { asAppOctokit, setStage, usualManifest, withToken } from "../stage.ts";

type Stage = Awaited<ReturnType<typeof setStage>>;
let stage: Stage;
let as: Record<"ada" | "mona" | "rita" | "sam" | "bot", Octokit>;

async function set(options: Parameters<typeof setStage>[0] = { isPrivate: false }): Promise<void> {
  stage = await setStage(options);
  const { ada, mona, rita, sam } = stage.people;
  const person = ({ token }: { token: string }) => withToken(stage.twin, token);
  const bot = asAppOctokit(stage.twin, stage.app, stage.installation.id);
  as = { ada: person(ada), mona: person(mona), rita: person(rita), sam: person(sam), bot };
}
beforeEach(() => set());
afterEach(() => stage.close());

async function issue(
  by: Octokit = as.sam,
  text: { title: string; body?: string } = { title: "Sums are wrong" },
) {
  const { data } = await by.rest.issues.create({ ...stage.at, ...text });
  return { ...stage.at, issue_number: data.number };
}

async function told(): Promise<string[]> {
  await stage.twin.idle();
  const names = stage.receiver.names();
  stage.receiver.received.length = 0;
  return names;
}

describe("an issue", () => {
  test("is anybody's to open, its author's to edit and close, and a writer's", async () => {
    const at = await issue(as.sam);
    await as.sam.rest.issues.update({ ...at, title: "Sums are off" });
    await as.sam.rest.issues.update({ ...at, state: "closed" });
    await expect(as.rita.rest.issues.update({ ...at, title: "No" })).rejects.toMatchObject({ status: 403 });
    await expect(as.rita.rest.issues.update({ ...at, state: "open" })).rejects.toMatchObject({ status: 403 });
    await as.mona.rest.issues.update({ ...at, body: "Since yesterday." });
    const { data } = await as.rita.rest.issues.get(at);
    expect(data).toMatchObject({
      title: "Sums are off",
      body: "Since yesterday.",
      state: "closed",
      state_reason: "completed",
      closed_by: { login: "sam" },
      author_association: "NONE",
    });
    expect(await told()).toEqual(["issues.opened", "issues.edited", "issues.closed", "issues.edited"]);
  });

  test("keeps every text that it had, from the first edit on", async () => {
    const at = await issue(as.sam, { title: "Sums", body: "one" });
    const record = () => [...stage.world.state.issues.rows.values()][0]!;
    expect(record().edits).toEqual([]);
    await as.mona.rest.issues.update({ ...at, body: "two" });
    await as.sam.rest.issues.update({ ...at, body: "three" });
    const names = new Map([...stage.world.state.accounts.rows.values()].map(({ id, login }) => [id, login]));
    expect(record().edits.map(({ editorId, text }) => [names.get(editorId), text])).toEqual([
      ["sam", "one"],
      ["mona", "two"],
      ["sam", "three"],
    ]);
  });

  test("tells the old text with an edit", async () => {
    const at = await issue(as.sam, { title: "Sums", body: "one" });
    await as.sam.rest.issues.update({ ...at, body: "two" });
    await stage.twin.idle();
    expect(stage.receiver.received.at(-1)!.payload).toMatchObject({
      changes: { body: { from: "one" } },
      issue: { body: "two" },
    });
  });
});

describe("labels", () => {
  test("are for triage and up; a stranger's own are dropped in silence", async () => {
    const { data } = await as.sam.rest.issues.create({ ...stage.at, title: "x", labels: ["agent"] });
    expect(data.labels).toEqual([]);
    const at = { ...stage.at, issue_number: data.number };
    await expect(as.sam.rest.issues.addLabels({ ...at, labels: ["agent"] })).rejects.toMatchObject({
      status: 403,
    });
    await as.mona.rest.issues.addLabels({ ...at, labels: ["agent", "bug"] });
    await as.mona.rest.issues.removeLabel({ ...at, name: "bug" });
    const { data: timeline } = await as.rita.rest.issues.listEventsForTimeline(at);
    expect(timeline).toMatchObject([
      { event: "labeled", label: { name: "agent" }, actor: { login: "mona" } },
      { event: "labeled", label: { name: "bug" }, actor: { login: "mona" } },
      { event: "unlabeled", label: { name: "bug" }, actor: { login: "mona" } },
    ]);
    expect(await told()).toEqual([
      "issues.opened",
      "label.created",
      "issues.labeled",
      "issues.labeled",
      "issues.unlabeled",
    ]);
    await expect(as.mona.rest.issues.removeLabel({ ...at, name: "bug" })).rejects.toMatchObject({
      status: 404,
    });
  });

  test("on a pull request tell a pull_request event", async () => {
    await as.bot.rest.repos.createOrUpdateFileContents({
      ...stage.at,
      path: "a",
      message: "a",
      content: "YQ==",
      branch: "main",
    });
    const { data: main } = await as.bot.rest.git.getRef({ ...stage.at, ref: "heads/main" });
    await as.bot.rest.git.createRef({ ...stage.at, ref: "refs/heads/work", sha: main.object.sha });
    await as.bot.rest.repos.createOrUpdateFileContents({
      ...stage.at,
      path: "b",
      message: "b",
      content: "YQ==",
      branch: "work",
    });
    const { data } = await as.bot.rest.pulls.create({ ...stage.at, title: "x", head: "work", base: "main" });
    await told();
    await as.bot.rest.issues.setLabels({ ...stage.at, issue_number: data.number, labels: ["bug"] });
    expect(await told()).toEqual(["pull_request.labeled"]);
  });

  test("can be made, changed and taken away by name", async () => {
    await as.bot.rest.issues.createLabel({ ...stage.at, name: "agent: done", color: "00ff00" });
    await expect(as.bot.rest.issues.createLabel({ ...stage.at, name: "Agent: Done" })).rejects.toMatchObject({
      status: 422,
    });
    const at = await issue();
    await as.bot.rest.issues.setLabels({ ...at, labels: ["agent: done"] });
    await as.bot.rest.issues.updateLabel({ ...stage.at, name: "agent: done", new_name: "agent: merged" });
    const names = async () => (await as.rita.rest.issues.listLabelsOnIssue(at)).data.map(({ name }) => name);
    expect(await names()).toEqual(["agent: merged"]);
    await as.bot.rest.issues.deleteLabel({ ...stage.at, name: "agent: merged" });
    expect(await names()).toEqual([]);
  });
});

describe("comments", () => {
  test("are anybody's to write, and their author's or a writer's to change", async () => {
    const at = await issue();
    const { data: comment } = await as.rita.rest.issues.createComment({ ...at, body: "Me too" });
    const edit = (by: Octokit) =>
      by.rest.issues.updateComment({ ...stage.at, comment_id: comment.id, body: "Not me" });
    await expect(edit(as.sam)).rejects.toMatchObject({ status: 403 });
    await edit(as.rita);
    await as.mona.rest.issues.deleteComment({ ...stage.at, comment_id: comment.id });
    expect(await told()).toEqual([
      "issues.opened",
      "issue_comment.created",
      "issue_comment.edited",
      "issue_comment.deleted",
    ]);
  });

  test("aren't blank, too long, or taken on a locked issue", async () => {
    const at = await issue();
    await expect(as.rita.rest.issues.createComment({ ...at, body: " " })).rejects.toMatchObject({
      status: 422,
    });
    await expect(
      as.rita.rest.issues.createComment({ ...at, body: "x".repeat(65_537) }),
    ).rejects.toMatchObject({ status: 422 });
    await as.mona.rest.issues.lock(at);
    await expect(as.rita.rest.issues.createComment({ ...at, body: "x" })).rejects.toMatchObject({
      status: 403,
    });
    expect((await as.mona.rest.issues.createComment({ ...at, body: "x" })).status).toBe(201);
  });

  test("and their edits are seen late when reads lag", async () => {
    const at = await issue();
    const { data: old } = await as.rita.rest.issues.createComment({ ...at, body: "one" });
    stage.twin.advance(10_000);
    stage.world.faults.readLagMs = 5000;
    await as.rita.rest.issues.updateComment({ ...stage.at, comment_id: old.id, body: "two" });
    await as.rita.rest.issues.createComment({ ...at, body: "new" });
    const bodies = async () => (await as.rita.rest.issues.listComments(at)).data.map(({ body }) => body);
    expect(await bodies()).toEqual(["one"]);
    stage.twin.advance(5001);
    expect(await bodies()).toEqual(["two", "new"]);
  });

  test("come in pages", async () => {
    const at = await issue();
    for (const body of ["1", "2", "3", "4", "5"]) await as.rita.rest.issues.createComment({ ...at, body });
    const first = await as.rita.rest.issues.listComments({ ...at, per_page: 2 });
    expect(first.headers.link).toContain('page=2>; rel="next"');
    expect(first.headers.link).toContain('page=3>; rel="last"');
    const all = await as.rita.paginate(as.rita.rest.issues.listComments, { ...at, per_page: 2 });
    expect(all.map(({ body }) => body)).toEqual(["1", "2", "3", "4", "5"]);
  });
});

describe("reactions", () => {
  test("count once a person, and no app is told", async () => {
    const at = await issue();
    const { data: comment } = await as.bot.rest.issues.createComment({ ...at, body: "My plan" });
    await told();
    const on = { ...stage.at, comment_id: comment.id };
    expect((await as.mona.rest.reactions.createForIssueComment({ ...on, content: "+1" })).status).toBe(201);
    expect((await as.mona.rest.reactions.createForIssueComment({ ...on, content: "+1" })).status).toBe(200);
    await as.rita.rest.reactions.createForIssueComment({ ...on, content: "-1" });
    const { data } = await as.bot.rest.reactions.listForIssueComment(on);
    expect(data.map(({ content, user }) => [user?.login, content])).toEqual([
      ["mona", "+1"],
      ["rita", "-1"],
    ]);
    expect((await as.bot.rest.issues.getComment(on)).data.reactions).toMatchObject({
      "+1": 1,
      "-1": 1,
      total_count: 2,
    });
    const mine = data[0]!.id;
    await expect(
      as.rita.rest.reactions.deleteForIssueComment({ ...on, reaction_id: mine }),
    ).rejects.toMatchObject({ status: 403 });
    await as.mona.rest.reactions.deleteForIssueComment({ ...on, reaction_id: mine });
    expect((await as.bot.rest.reactions.listForIssueComment(on)).data).toHaveLength(1);
    expect(await told()).toEqual([]);
  });
});

describe("an app without the permission", () => {
  test("neither writes nor hears of issues", async () => {
    await stage.close();
    const { issues: _, ...permissions } = usualManifest.default_permissions;
    await set({ manifest: { ...usualManifest, default_permissions: permissions } });
    const at = await issue(as.mona);
    const refused = {
      status: 403,
      message: expect.stringContaining("Resource not accessible by integration"),
    };
    await expect(as.bot.rest.issues.createComment({ ...at, body: "x" })).rejects.toMatchObject(refused);
    await expect(as.bot.rest.issues.get(at)).rejects.toMatchObject(refused);
    await expect(as.bot.rest.issues.addLabels({ ...at, labels: ["x"] })).rejects.toMatchObject(refused);
    expect(await told()).toEqual([]);
  });
});
