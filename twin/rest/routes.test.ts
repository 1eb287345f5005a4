import { expect, test } from "vitest";
import { documented } from "./documented.ts";
import { restRoutes } from "./routes.ts";

/** `/issues/{issue_number}` and `/issues/:number` alike, without the names. */
const shape = (place: string) => place.replace(/\{\w+\}|:\w+\*?/g, "{}");

/** The grants with any of which an app may use a route, by the route's shape. */
function grantsByShape(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [grant, places] of Object.entries(documented))
    for (const place of places.trim().split(/\s*\n\s*/)) {
      const key = shape(place.replace(/ \/$/, " ").replace(" ", " /repos/{owner}/{repo}"));
      found.set(key, [...(found.get(key) ?? []), grant]);
    }
  return found;
}

test("every route of repositories demands what GitHub documents for it, no more and no less", () => {
  const grants = grantsByShape();
  const demands = restRoutes.flatMap(({ method, pattern, need }) =>
    need ? [[`${method} ${pattern}`, need.app] as const] : [],
  );
  // Of the whole contents GitHub documents one route; the twin has two, with and without a path.
  const expected = ([place]: readonly [string, unknown]) =>
    grants.get(shape(place)) ?? (place.endsWith("/contents") ? ["contents:read"] : "not on the page");
  expect(demands.map(([place, app]) => [place, app.toSorted()])).toEqual(
    demands.map((demand) => [demand[0], expected(demand)]),
  );
  expect(demands.length).toBeGreaterThan(90);
});
