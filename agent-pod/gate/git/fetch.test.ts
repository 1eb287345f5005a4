import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import type { Stage } from "./testing/stage.ts";
import { openStage } from "./testing/stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ "a.txt": "a\n", "large.txt": "large\n".repeat(300_000) });
  await stage.person.commit("More", { "b.txt": "b\n" });
  await stage.person.git("push", "--quiet", "origin", "main", "HEAD:refs/heads/theirs");
});

afterEach(() => {
  stage.upstream.status = null;
  stage.lease.git.ref = "refs/heads/agent/12/add";
});

afterAll(() => stage.close());

test.each([
  ["whole", []],
  ["shallow", ["--depth=1"]],
  ["without files", ["--filter=blob:none"]],
  ["without large files", ["--filter=blob:limit=1m", "--single-branch"]],
  ["by the first protocol", ["-c", "protocol.version=0"]],
  ["by the second protocol", ["-c", "protocol.version=2"]],
])("a clone %s", async (_, options) => {
  const agent = await stage.agent(...options);
  expect(await agent.git("log", "-1", "--format=%s")).toBe("More");
  expect((await agent.git("show", "HEAD:large.txt")).length).toBe(1_799_999);
});

test("a later fetch", async () => {
  const agent = await stage.agent("--depth=1");
  const sha = await stage.person.commit("Later", { "b.txt": "later\n" });
  await stage.person.git("push", "--quiet", "origin", "main");
  await agent.git("fetch", "--quiet", "origin", "main");
  expect(await agent.git("rev-parse", "FETCH_HEAD")).toBe(sha);
  expect(stage.told.at(-1)).toMatchObject({ target: "octo/demo git-upload-pack", why: "fetch" });
  expect(stage.told.at(-1)?.bytes).toBeGreaterThan(100);
});

test("the second protocol is spoken to the end", async () => {
  const agent = await stage.agent();
  const shown = await fetch(`${stage.gate}/git/octo/demo.git/info/refs?service=git-upload-pack`, {
    headers: { "git-protocol": "version=2" },
  });
  expect(shown.headers.get("content-type")).toBe("application/x-git-upload-pack-advertisement");
  expect(await shown.text()).toContain("version 2");
  expect(await agent.git("ls-remote", "origin", "refs/heads/theirs")).toContain("refs/heads/theirs");
});

test("nothing of GitHub's answer but the pack comes through", async () => {
  const answer = await fetch(`${stage.gate}/git/octo/demo.git/info/refs?service=git-upload-pack`);
  const kept = ["cache-control", "connection", "content-type", "date", "keep-alive", "transfer-encoding"];
  expect([...answer.headers.keys()].filter((name) => !kept.includes(name))).toEqual([]);
  expect(await answer.text()).not.toContain(stage.upstream.token);
});

/** The status and the sentence that a request gets. */
async function asked(path: string, method = "GET"): Promise<[number, string]> {
  const answer = await fetch(`${stage.gate}${path}`, { method });
  return [answer.status, await answer.text()];
}

test.each([
  [
    "/git/octo/other.git/info/refs?service=git-upload-pack",
    "GET",
    403,
    "may use the repository octo/demo alone",
  ],
  ["/git/octo/demo.git.git/info/refs?service=git-upload-pack", "GET", 403, "octo/demo alone"],
  ["/git/octo/..%2fother.git/info/refs?service=git-upload-pack", "GET", 403, "octo/demo alone"],
  ["/git/octo/other.git/git-receive-pack", "POST", 403, "octo/demo alone"],
  ["/git/octo/demo/info/refs?service=git-upload-pack", "GET", 404, "/git/<owner>/<name>.git"],
  ["/git/octo/demo.git/info/lfs/objects/batch", "POST", 404, "Git LFS"],
  ["/git/octo/demo.git/info/refs", "GET", 404, "fetch and push by git's smart HTTP"],
  ["/git/octo/demo.git/info/refs?service=git-upload-archive", "GET", 404, "fetch and push"],
  ["/git/octo/demo.git/info/refs?service=git-upload-pack&x=1", "GET", 404, "fetch and push"],
  ["/git/octo/demo.git/HEAD", "GET", 404, "fetch and push"],
  ["/git/octo/demo.git/objects/info/packs", "GET", 404, "fetch and push"],
  ["/git/octo/demo.git/git-upload-pack", "GET", 404, "fetch and push"],
  ["/git/octo/demo.git/info/refs?service=git-receive-pack", "POST", 404, "fetch and push"],
  ["/git/octo/demo.git/git-upload-archive", "POST", 404, "fetch and push"],
])("%s by %s is refused in a sentence", async (path, method, status, words) => {
  const before = stage.upstream.asked.length;
  const [was, sentence] = await asked(path, method);
  expect(was).toBe(status);
  expect(sentence).toContain(words);
  expect(stage.upstream.asked).toHaveLength(before);
});

test("letters' case doesn't matter, as on GitHub", async () => {
  expect((await asked("/git/Octo/Demo.git/info/refs?service=git-upload-pack"))[0]).toBe(200);
});

test("a run that only reads may not push", async () => {
  stage.lease.git.ref = null;
  const agent = await stage.agent();
  await agent.commit("Work", { c: "c" });
  const end = await agent.attempt("push", "origin", "HEAD:refs/heads/agent/12/add");
  expect(end.stderr).toContain("This run may read the repository, not push to it.");
  expect(end.code).not.toBe(0);
});

test.each([
  [401, 403, "doesn't let this run read the repository"],
  [404, 403, "doesn't let this run read the repository"],
  [429, 502, "right now"],
  [500, 502, "right now"],
])("GitHub's %i becomes a %i with a sentence, for fetch and push", async (from, to, words) => {
  stage.upstream.status = from;
  for (const service of ["git-upload-pack", "git-receive-pack"]) {
    const [status, sentence] = await asked(`/git/octo/demo.git/info/refs?service=${service}`);
    expect(status).toBe(to);
    expect(sentence).toContain(words);
  }
});
