import { createHmac } from "node:crypto";

import { expect } from "vitest";

import { scenario } from "./harness/scenario.ts";
import type { World } from "./harness/scenario.ts";

interface Letter {
  event?: string;
  secret?: string;
  signed?: boolean;
  body?: string;
}

/** Sends a webhook by hand. Returns the answer's status. */
async function send({ stage }: World, letter: Letter): Promise<number> {
  const {
    event = "issues",
    secret = stage.registered.webhookSecret,
    signed = true,
    body = labelled(stage),
  } = letter;
  const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
  const answer = await fetch(stage.app.webhooks, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-github-event": event,
      "x-github-delivery": "by hand",
      ...(signed ? { "x-hub-signature-256": signature } : {}),
    },
    body,
  });
  await answer.text();
  return answer.status;
}

const labelled = ({ twin }: World["stage"], repository = "teatime"): string =>
  JSON.stringify({
    action: "labeled",
    issue: { number: 1, labels: [{ name: "agent" }] },
    label: { name: "agent" },
    repository: { name: repository, owner: { login: "acme" }, default_branch: "main" },
    installation: { id: [...twin.world.state.installations.rows.keys()][0] },
    sender: { login: "mona", type: "User" },
  });

/** How often the app looked at anything. */
const looks = ({ stage }: World): number => stage.twin.calls.filter(({ by }) => by === "coxswain").length;

scenario("a webhook that isn't signed, or by somebody else, rings nothing", async (world) => {
  const { act } = world;
  const before = looks(world);
  await act(async () => {
    expect(await send(world, { signed: false })).toBe(400);
    expect(await send(world, { secret: "a guess" })).toBe(400);
    expect(await send(world, { secret: "development" })).toBe(400);
  });
  expect(looks(world)).toBe(before);
});

scenario("a webhook whose body was changed on its way rings nothing", async (world) => {
  const { stage, act } = world;
  const before = looks(world);
  await act(async () => {
    const body = labelled(stage);
    const signature = createHmac("sha256", stage.registered.webhookSecret).update(body).digest("hex");
    const answer = await fetch(stage.app.webhooks, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-github-event": "issues",
        "x-github-delivery": "by hand",
        "x-hub-signature-256": `sha256=${signature}`,
      },
      body: body.replace("mona", "sam"),
    });
    expect(answer.status).toBe(400);
  });
  expect(looks(world)).toBe(before);
});

scenario("events that are unknown, or of no issue, ring nothing", async (world) => {
  const { act, stage } = world;
  const before = looks(world);
  await act(async () => {
    const installation = { id: 1 };
    expect(await send(world, { event: "sponsorship" })).toBe(200);
    expect(await send(world, { event: "ping", body: JSON.stringify({ zen: "Keep it", hook_id: 1 }) })).toBe(
      200,
    );
    expect(
      await send(world, { event: "issues", body: JSON.stringify({ action: "labeled", installation }) }),
    ).toBe(200);
    expect(
      await send(world, { event: "issues", body: labelled(stage).replace('"labeled"', '"pinned"') }),
    ).toBe(200);
  });
  expect(looks(world)).toBe(before);
});

scenario("a webhook for a repository that isn't the app's changes nothing", async (world) => {
  const { act, stage, issue } = world;
  await act(async () => expect(await send(world, { body: labelled(stage, "other") })).toBe(200));
  expect(issue.phase()).toBe(null);
});

scenario("a webhook that says what isn't so changes nothing: it only rings", async (world) => {
  const { act, crew, issue } = world;
  await act(async () => expect(await send(world, {})).toBe(200));
  expect(issue.phase()).toBe(null);
  expect(crew.atWork()).toEqual([]);
});
