import { createSign, generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { asAppOctokit, setStage, withToken } from "./stage.ts";

type Stage = Awaited<ReturnType<typeof setStage>>;
let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.close());

function jwt(claims: Record<string, unknown>, { key = stage.app.privateKey, alg = "RS256" } = {}): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg, typ: "JWT" })}.${part(claims)}`;
  return `${signed}.${createSign("RSA-SHA256").update(signed).sign(key, "base64url")}`;
}

function ask(path: string, authorization: string) {
  return fetch(`${stage.world.urls.api}${path}`, { headers: { authorization } });
}

async function mint(body: Record<string, unknown>) {
  const { app, installation } = stage;
  const octokit = asAppOctokit(stage.twin, app);
  return octokit.rest.apps.createInstallationAccessToken({ installation_id: installation.id, ...body });
}

describe("an app's JWT", () => {
  const now = () => Math.floor(Date.now() / 1000);
  const key = () =>
    generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({
      type: "pkcs1",
      format: "pem",
    }) as string;

  test.each([
    ["is good with the app's id", () => jwt({ iss: stage.app.app.id, iat: now(), exp: now() + 60 }), 200],
    [
      "is good with the client id",
      () => jwt({ iss: stage.app.app.clientId, iat: now(), exp: now() + 60 }),
      200,
    ],
    ["is refused when expired", () => jwt({ iss: stage.app.app.id, iat: now() - 120, exp: now() - 60 }), 401],
    ["is refused without an end", () => jwt({ iss: stage.app.app.id, iat: now() }), 401],
    [
      "is refused when it lives too long",
      () => jwt({ iss: stage.app.app.id, iat: now(), exp: now() + 3600 }),
      401,
    ],
    [
      "is refused when issued in the future",
      () => jwt({ iss: stage.app.app.id, iat: now() + 300, exp: now() + 400 }),
      401,
    ],
    [
      "is refused when signed by another key",
      () => jwt({ iss: stage.app.app.id, iat: now(), exp: now() + 60 }, { key: key() }),
      401,
    ],
    [
      "is refused with another algorithm",
      () => jwt({ iss: stage.app.app.id, iat: now(), exp: now() + 60 }, { alg: "none" }),
      401,
    ],
    ["is refused for an unknown app", () => jwt({ iss: 1, iat: now(), exp: now() + 60 }), 404],
  ])("%s", async (_, token, status) => {
    expect((await ask("/app", `Bearer ${token()}`)).status).toBe(status);
  });

  test("reaches no repository", async () => {
    const token = jwt({ iss: stage.app.app.id, iat: now(), exp: now() + 60 });
    expect((await ask("/repos/ada/sample", `Bearer ${token}`)).status).toBe(404);
  });
});

describe("an installation's token", () => {
  test("has all that the app was granted", async () => {
    const { data } = await mint({});
    expect(data.token).toMatch(/^ghs_.{40,}/);
    expect(data.repository_selection).toBe("all");
    expect(data.permissions).toMatchObject({ issues: "write", metadata: "read" });
    expect(Date.parse(data.expires_at) - Date.now()).toBeGreaterThan(59 * 60 * 1000);
  });

  test("expires after an hour", async () => {
    const { data } = await mint({});
    expect((await ask("/repos/ada/sample", `token ${data.token}`)).status).toBe(200);
    stage.twin.advance(61 * 60 * 1000);
    const refused = await ask("/repos/ada/sample", `token ${data.token}`);
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ message: "Bad credentials" });
  });

  test("narrowed to no more than reading issues can't write them", async () => {
    const { data } = await mint({ permissions: { issues: "read" } });
    const octokit = withToken(stage.twin, data.token);
    expect((await octokit.rest.issues.listForRepo(stage.at)).status).toBe(200);
    await expect(octokit.rest.issues.create({ ...stage.at, title: "x" })).rejects.toMatchObject({
      status: 403,
      response: {
        data: {
          message: "Resource not accessible by integration",
          documentation_url: expect.stringContaining("https://docs.github.com/"),
        },
      },
    });
  });

  test("can't be wider than the installation", async () => {
    await expect(mint({ permissions: { administration: "write" } })).rejects.toMatchObject({ status: 422 });
    await expect(mint({ repository_ids: [stage.repository.id + 1] })).rejects.toMatchObject({ status: 422 });
  });

  test("narrowed to one repository doesn't see another", async () => {
    const other = (await (
      await fetch(`${stage.world.urls.web}/_twin/repositories`, {
        method: "POST",
        body: JSON.stringify({ owner: "ada", name: "other", settings: { private: true }, files: { a: "b" } }),
      })
    ).json()) as { id: number };
    const { data } = await mint({ repository_ids: [other.id] });
    const octokit = withToken(stage.twin, data.token);
    expect((await octokit.rest.repos.get({ owner: "ada", repo: "other" })).status).toBe(200);
    await expect(octokit.rest.repos.get(stage.at)).rejects.toMatchObject({ status: 404 });
    const { data: listed } = await octokit.rest.apps.listReposAccessibleToInstallation();
    expect(listed.repositories.map(({ name }) => name)).toEqual(["other"]);
  });
});

describe("people", () => {
  test("see what is private only if they are let in", async () => {
    const { ada, rita, sam } = stage.people;
    for (const [person, status] of [
      [ada, 200],
      [rita, 200],
      [sam, 404],
    ] as const)
      expect((await ask("/repos/ada/sample", `token ${person.token}`)).status).toBe(status);
    expect((await fetch(`${stage.world.urls.api}/repos/ada/sample`)).status).toBe(404);
    expect((await ask("/user", "token ghp_wrong")).status).toBe(401);
  });

  test("have the levels that GitHub names", async () => {
    const octokit = withToken(stage.twin, stage.people.ada.token);
    const level = async (username: string) =>
      (await octokit.rest.repos.getCollaboratorPermissionLevel({ ...stage.at, username })).data;
    expect(await level("ada")).toMatchObject({ permission: "admin", role_name: "admin" });
    expect(await level("mona")).toMatchObject({ permission: "write", role_name: "write" });
    expect(await level("sam")).toMatchObject({ permission: "none", role_name: "none" });
    await expect(level("tester[bot]")).rejects.toMatchObject({ status: 404 });
  });
});

test("what the twin hasn't answers 501 with its name", async () => {
  const answer = await ask("/repos/ada/sample/traffic/views", `token ${stage.people.ada.token}`);
  expect(answer.status).toBe(501);
  expect(await answer.json()).toMatchObject({
    message: "The twin has no GET /repos/ada/sample/traffic/views",
  });
});

test("calls are counted by kind, route and caller", async () => {
  stage.twin.calls.length = 0;
  const octokit = asAppOctokit(stage.twin, stage.app, stage.installation.id);
  await octokit.rest.repos.get(stage.at);
  expect(stage.twin.calls.map(({ kind, route, by, status }) => ({ kind, route, by, status }))).toEqual([
    {
      kind: "token",
      route: "POST /app/installations/:installation/access_tokens",
      by: "tester",
      status: 201,
    },
    { kind: "rest", route: "GET /repos/:owner/:repo", by: "tester", status: 200 },
  ]);
});
