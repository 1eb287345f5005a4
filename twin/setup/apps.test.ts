import { afterEach, beforeEach, expect, test } from "vitest";
import { asAppOctokit, setStage, withToken } from "../stage.ts";

type Stage = Awaited<ReturnType<typeof setStage>>;
let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.close());

async function token(): Promise<string> {
  const app = asAppOctokit(stage.twin, stage.app);
  const { data } = await app.rest.apps.createInstallationAccessToken({
    installation_id: stage.installation.id,
  });
  return data.token;
}

test("a suspended app can do nothing, until it goes on", async () => {
  const app = asAppOctokit(stage.twin, stage.app);
  const bot = withToken(stage.twin, await token());
  await app.rest.apps.suspendInstallation({ installation_id: stage.installation.id });
  await expect(bot.rest.repos.get(stage.at)).rejects.toMatchObject({ status: 403 });
  await expect(token()).rejects.toMatchObject({ status: 403 });
  await app.rest.apps.unsuspendInstallation({ installation_id: stage.installation.id });
  expect((await bot.rest.repos.get(stage.at)).status).toBe(200);
  await stage.twin.idle();
  expect(stage.receiver.names()).toEqual(["installation.suspend", "installation.unsuspend"]);
});

test("an app that is taken off is told, and its tokens end", async () => {
  const app = asAppOctokit(stage.twin, stage.app);
  const bot = withToken(stage.twin, await token());
  await app.rest.apps.deleteInstallation({ installation_id: stage.installation.id });
  await expect(bot.rest.repos.get(stage.at)).rejects.toMatchObject({ status: 401 });
  await expect(app.rest.apps.getRepoInstallation(stage.at)).rejects.toMatchObject({ status: 404 });
  await stage.twin.idle();
  expect(stage.receiver.names()).toEqual(["installation.deleted"]);
});

test("an app finds where it is installed", async () => {
  const app = asAppOctokit(stage.twin, stage.app);
  expect((await app.rest.apps.getAuthenticated()).data).toMatchObject({
    slug: "tester",
    installations_count: 1,
  });
  expect((await app.rest.apps.getRepoInstallation(stage.at)).data.id).toBe(stage.installation.id);
  expect((await app.rest.apps.listInstallations()).data).toMatchObject([
    { account: { login: "ada" }, repository_selection: "all" },
  ]);
});
