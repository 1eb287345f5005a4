import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { events } from "../hooks/events.ts";
import { checker } from "./checker.ts";
import type { Components, Schema } from "./strict.ts";
import { tourApp, uninstall } from "./tour/apps.ts";
import { tourChecks } from "./tour/checks.ts";
import { tourIssues } from "./tour/issues.ts";
import { tourPulls } from "./tour/pulls.ts";
import { startTour } from "./tour/tour.ts";
import type { Tour } from "./tour/tour.ts";

interface Operation {
  parameters: { name: string; required: boolean }[];
  requestBody: { content: Record<string, { schema: Schema }> };
}
interface Description {
  webhooks: Record<string, { post: Operation }>;
  components: { schemas: Components };
}
const require = createRequire(import.meta.url);
const file = require.resolve("@octokit/openapi-webhooks/generated/api.github.com.json");
const { webhooks, components } = JSON.parse(readFileSync(file, "utf8")) as Description;
const check = checker(components.schemas);

/** Where GitHub's description is at fault. What is listed here and isn't found any more fails too. */
const faults: Record<string, string[]> = {
  // It demands the key of the repository of every other pull request.
  "pull_request_review.edited": ["base", "head"].map(
    (side) => `/pull_request/${side}/repo must NOT have additional properties (has_discussions)`,
  ),
};

const all = Object.entries(events).flatMap(([event, actions]) =>
  actions.map((action) => (action === null ? event : `${event}.${action}`)),
);

describe.each(["User", "Organization"] as const)("in a repository of a %s", (ownerType) => {
  let tour: Tour;
  beforeAll(async () => {
    tour = await startTour(ownerType);
    await tourIssues(tour);
    await tourPulls(tour);
    await tourChecks(tour);
    await tourApp(tour);
    await uninstall(tour);
    await tour.twin.idle();
  });
  afterAll(() => tour.close());

  test.each(all)("%s is sent as GitHub describes it", (name) => {
    const sent = tour.receiver.received.filter((_, index) => tour.receiver.names()[index] === name);
    expect(sent).not.toEqual([]);
    const { parameters, requestBody } = webhooks[name.replaceAll(/[._]/g, "-")]!.post;
    const { schema } = requestBody.content["application/json"]!;
    const wrong = sent.flatMap(({ payload }) => check(schema, payload));
    expect([...new Set(wrong)].sort()).toEqual(faults[name] ?? []);
    const needed = parameters.filter(({ required }) => required).map((one) => one.name.toLowerCase());
    for (const { headers } of sent) expect(Object.keys(headers)).toEqual(expect.arrayContaining(needed));
  });

  test("nothing else is sent, and everything is signed", () => {
    expect(tour.receiver.names().filter((name) => !all.includes(name))).toEqual([]);
    for (const { text, headers } of tour.receiver.received) {
      const digest = createHmac("sha256", tour.registered.webhookSecret).update(text).digest("hex");
      expect(headers["x-hub-signature-256"]).toBe(`sha256=${digest}`);
    }
  });
});
