import { describe, expect, test } from "vitest";

import { readOnly, refusal } from "./madeUp.ts";
import type { Answers } from "./madeUp.ts";
import { permissions } from "./permissions.ts";
import { testRedis } from "./testRedis.ts";

const redis = testRedis();
const of = { prefix: "coxswain:7", repository: { id: 4711, owner: "acme", name: "shop" }, fresh: [] };
const ROUTE = "GET /repos/{owner}/{repo}/collaborators/{username}/permission";

const ask = (answers: Answers, logins: string[], fresh: string[] = []) => {
  const github = readOnly(answers);
  return { github, found: permissions(github, redis(), { ...of, fresh }, logins) };
};

describe("permissions", () => {
  test.each([
    ["admin", "admin", "admin"],
    ["write", "maintain", "maintain"],
    ["write", "write", "write"],
    ["read", "triage", "triage"],
    ["read", "read", "read"],
    ["none", "none", "none"],
    ["write", "release captain", "write"],
    ["something new", "something new", "none"],
  ])("%s with the role %s is %s", async (permission, role_name, expected) => {
    const { found } = ask(() => ({ permission, role_name }), ["maria"]);
    expect(await found).toEqual({ maria: expected });
  });

  test("of somebody unknown are none", async () => {
    expect(await ask(() => refusal(404), ["nobody"]).found).toEqual({ nobody: "none" });
  });

  test("that can't be read stop the look, and aren't remembered", async () => {
    await expect(ask(() => refusal(500), ["maria"]).found).rejects.toThrow("refused: 500");
    expect(await ask(() => ({ permission: "read", role_name: "read" }), ["maria"]).found).toEqual({
      maria: "read",
    });
  });

  test("are asked for once a minute, by repository and person", async () => {
    const answers: Answers = ({ variables }) => {
      expect(variables).toMatchObject({ owner: "acme", repo: "shop" });
      const level = variables["username"] === "maria" ? "write" : "none";
      return { permission: level, role_name: level };
    };
    const first = ask(answers, ["maria", "tom"]);
    expect(await first.found).toEqual({ maria: "write", tom: "none" });
    expect(first.github.calls).toEqual([ROUTE, ROUTE]);

    const second = ask(answers, ["Maria", "tom"]);
    expect(await second.found).toEqual({ Maria: "write", tom: "none" });
    expect(second.github.calls).toEqual([]);
    expect(await redis().ttl("coxswain:7:perm:4711:maria")).toBeGreaterThan(50);
    expect(await redis().ttl("coxswain:7:perm:4711:maria")).toBeLessThanOrEqual(60);
  });

  test("of those who approve are asked for now: they may have been removed a second ago", async () => {
    const says = (level: string) => () => ({ permission: level, role_name: level });
    await ask(says("write"), ["maria", "tom"]).found;
    const again = ask(says("none"), ["maria", "tom"], ["maria"]);
    expect(await again.found).toEqual({ maria: "none", tom: "write" });
    expect(again.github.calls).toEqual([ROUTE]);
    expect(await ask(says("write"), ["maria"]).found).toEqual({ maria: "none" });
  });
});
