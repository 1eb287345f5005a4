import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createIssue } from "../acts/issues.ts";
import { asAppOctokit, setStage } from "../stage.ts";

type Stage = Awaited<ReturnType<typeof setStage>>;
let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.close());

const open = (title = "x") => createIssue(stage.world, stage.people.mona.viewer, stage.repository, { title });

test("a webhook is signed, and says what it is and for whom", async () => {
  open();
  await stage.twin.idle();
  const [{ headers, text, payload }] = stage.receiver.received as [Stage["receiver"]["received"][0]];
  const { webhookSecret, app } = stage.app;
  expect(headers["x-hub-signature-256"]).toBe(
    `sha256=${createHmac("sha256", webhookSecret).update(text).digest("hex")}`,
  );
  expect(headers).toMatchObject({
    "x-github-event": "issues",
    "x-github-delivery": expect.stringMatching(/^[0-9a-f-]{36}$/),
    "x-github-hook-id": String(app.hook.id),
    "x-github-hook-installation-target-id": String(app.id),
    "content-type": "application/json",
  });
  expect(payload).toMatchObject({
    action: "opened",
    issue: { title: "x" },
    repository: { full_name: "ada/sample" },
    sender: { login: "mona" },
    installation: { id: stage.installation.id },
  });
});

describe("the delivery log", () => {
  test("tells what failed, and sends it again with its old id", async () => {
    const app = asAppOctokit(stage.twin, stage.app);
    stage.receiver.answerWith(500);
    open();
    await stage.twin.idle();
    const { data: failed } = await app.rest.apps.listWebhookDeliveries({ per_page: 1 });
    expect(failed).toMatchObject([
      { event: "issues", action: "opened", status_code: 500, redelivery: false },
    ]);
    stage.receiver.answerWith(200);
    await app.rest.apps.redeliverWebhookDelivery({ delivery_id: failed[0]!.id });
    await stage.twin.idle();
    const { data: again } = await app.rest.apps.listWebhookDeliveries({ per_page: 1 });
    expect(again).toMatchObject([
      { guid: failed[0]!.guid, status: "OK", status_code: 200, redelivery: true },
    ]);
    const { data: whole } = await app.rest.apps.getWebhookDelivery({ delivery_id: again[0]!.id });
    expect(whole).toMatchObject({
      request: { payload: { issue: { title: "x" } } },
      response: { payload: "taken" },
    });
    expect(stage.receiver.received.map(({ headers }) => headers["x-github-delivery"])).toEqual([
      failed[0]!.guid,
      failed[0]!.guid,
    ]);
  });

  test("is read newest first, page by page", async () => {
    for (const title of ["1", "2", "3"]) {
      open(title);
      await stage.twin.idle();
    }
    const app = asAppOctokit(stage.twin, stage.app);
    const { data, headers } = await app.rest.apps.listWebhookDeliveries({ per_page: 2 });
    expect(data).toHaveLength(2);
    const cursor = /cursor=(\w+)/.exec(headers.link ?? "")![1]!;
    const { data: rest } = await app.rest.apps.listWebhookDeliveries({ per_page: 2, cursor });
    expect(Math.max(...rest.map(({ id }) => id))).toBeLessThan(data[1]!.id);
  });

  test("says that nobody listens", async () => {
    // A parameter named `url` would be Octokit's own.
    const url = "http://127.0.0.1:1/";
    await asAppOctokit(stage.twin, stage.app).request("PATCH /app/hook/config", { data: { url } });
    open();
    await stage.twin.idle();
    expect([...stage.world.state.deliveries.rows.values()].at(-1)).toMatchObject({
      status: "failed to connect to host",
      statusCode: 502,
    });
  });
});

describe("what a test can break", () => {
  test("every delivery comes twice, with one id", async () => {
    stage.world.faults.doubleDeliveries = true;
    open();
    await stage.twin.idle();
    const ids = stage.receiver.received.map(({ headers }) => headers["x-github-delivery"]);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  test("some are lost", async () => {
    stage.world.faults.loseDeliveries = (event, action) => event === "issues" && action === "opened";
    open();
    await stage.twin.idle();
    expect(stage.receiver.received).toEqual([]);
  });

  test("some are held back, and all come", async () => {
    stage.world.faults.holdBackUpToMs = 200;
    for (let count = 0; count < 10; count += 1) open(String(count));
    expect(stage.receiver.received).toEqual([]);
    await stage.twin.idle();
    expect(stage.receiver.received).toHaveLength(10);
  });
});
