import * as fc from "fast-check";
import { expect, it } from "vitest";

import { parsePlan, printPlan } from "../plan/yaml.ts";
import { cleanPlan } from "./planClean.ts";
import { hostilePlans, planOf } from "./testHostile.ts";

it("cleaning twice changes nothing more", () => {
  fc.assert(
    fc.property(hostilePlans, (any) => {
      expect(cleanPlan(cleanPlan(any))).toEqual(cleanPlan(any));
    }),
  );
});

it("keeps secrets and what isn't seen out of a plan, and leaves it valid", () => {
  const key = `sk-${"aB3dE5gH7jK9mN1pQ2sT4vW6xY8z".repeat(2)}`;
  const dirty = planOf(`Use ${key} for\u202E @octokit/rest `);
  const clean = cleanPlan({ ...dirty, tasks: dirty.tasks.map((each) => ({ ...each, files: ["src/a.ts"] })) });
  expect(clean.summary).toBe("Use [redacted] for @octokit/rest");
  expect(parsePlan(printPlan(clean))).toEqual({ plan: clean });
});
