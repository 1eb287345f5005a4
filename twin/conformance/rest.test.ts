import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { router } from "../http.ts";
import { restRoutes } from "../rest/routes.ts";
import { checker } from "./checker.ts";
import type { Components, Schema } from "./strict.ts";
import { tourApp, uninstall } from "./tour/apps.ts";
import { tourChecks } from "./tour/checks.ts";
import { tourIssues } from "./tour/issues.ts";
import { tourPeople } from "./tour/people.ts";
import { tourPulls } from "./tour/pulls.ts";
import { tourRefusals } from "./tour/refusals.ts";
import { tourRepository } from "./tour/repository.ts";
import { startTour } from "./tour/tour.ts";
import type { Answered, Tour } from "./tour/tour.ts";

interface Extract {
  /** By route and status; null: an answer without a body. */
  routes: Record<string, Record<string, Schema | null>>;
  components: { schemas: Components };
}
const file = new URL("openapi.gen.json", import.meta.url);
const { routes, components } = JSON.parse(readFileSync(file, "utf8")) as Extract;
const check = checker(components.schemas);

/** Where GitHub's description is at fault. What is listed here and isn't found any more fails too. */
const faults: Record<string, string[]> = {
  // An old copy of the installation, whose account is a user and an enterprise at once.
  "GET /app/installations": [
    "200 /* must NOT have additional properties (client_id)",
    "200 /*/account must have required property 'created_at' (created_at)",
    "200 /*/account must have required property 'name' (name)",
    "200 /*/account must have required property 'slug' (slug)",
    "200 /*/account must have required property 'updated_at' (updated_at)",
  ],
  // Of comments on changed lines and on whole files GitHub gives null, as it describes for its webhooks.
  "GET /repos/:owner/:repo/pulls/comments": noLine("200 /*"),
  "GET /repos/:owner/:repo/pulls/:number/comments": noLine("200 /*"),
  "POST /repos/:owner/:repo/pulls/:number/comments": noLine("201 "),
  "POST /repos/:owner/:repo/pulls/:number/comments/:comment/replies": noLine("201 ", ["line", "position"]),
};

function noLine(where: string, keys = ["line", "original_line", "position"]): string[] {
  return keys.map((key) => `${where}/${key} must be integer (integer)`);
}

/** For most routes GitHub describes a few of the refusals that there are; all have one of these forms. */
const anyRefusal: Schema = {
  anyOf: ["basic-error", "validation-error", "validation-error-simple"].map((name) => ({
    $ref: `#/components/schemas/${name}`,
  })),
};

const names = restRoutes.map(({ method, pattern }) => `${method} ${pattern}`);
const find = router(restRoutes);
const tours: Tour[] = [];

beforeAll(async () => {
  tours.push(await startTour("User"), await startTour("Organization"));
  await Promise.all(tours.map(walk));
});
afterAll(() => Promise.all(tours.map((tour) => tour.close())));

async function walk(tour: Tour): Promise<void> {
  await tourPeople(tour);
  await tourIssues(tour);
  await tourRepository(tour);
  await tourPulls(tour);
  await tourChecks(tour);
  await tourRefusals(tour);
  await tourApp(tour);
  await uninstall(tour);
}

test.each(names)("%s answers as GitHub describes it", (name) => {
  const given = tours.flatMap(({ answers }) => answers).filter((answer) => routeOf(answer) === name);
  expect(given.filter(({ status, body }) => status < 400 && !isEmptyList(body))).not.toEqual([]);
  const wrong = given.flatMap((answer) => faultsOf(answer, routes[name]!));
  expect([...new Set(wrong)].sort()).toEqual(faults[name] ?? []);
});

test("the extract is of these routes", () => {
  expect(Object.keys(routes).sort(), "npm run extract makes it anew").toEqual(names.toSorted());
});

function routeOf({ method, path }: Answered): string {
  return `${method} ${find(method, path)?.route.pattern}`;
}

/** Of an empty list nothing can be checked. */
function isEmptyList(body: unknown): boolean {
  if (Array.isArray(body)) return body.length === 0;
  return (body as { total_count?: number } | undefined)?.total_count === 0;
}

function faultsOf({ status, headers, body }: Answered, described: Record<string, Schema | null>): string[] {
  const told = (faults: string[]) => faults.map((fault) => `${status} ${fault}`);
  if (status >= 400) {
    // GitHub writes the status into every refusal, and describes that for few.
    const { status: written, ...rest } = body as { status: unknown };
    if (written !== String(status)) return told([`status is ${String(written)}`]);
    return told(check(described[status] ?? anyRefusal, rest));
  }
  const schema = described[status];
  if (schema === undefined) return told(["isn't described"]);
  if (schema === null) return body === undefined || body === "" ? [] : told(["has a body"]);
  // A form that was asked for by the Accept header.
  if (!String(headers["content-type"]).startsWith("application/json"))
    return typeof body === "string" ? [] : told(["is no text"]);
  return told(check(schema, body));
}
