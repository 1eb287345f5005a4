import type { Row } from "./row.ts";
import type { Scene } from "./scene.ts";

const WORK = { "work.txt": "It works.\n" };
const CI = { ".github/workflows/evil.yml": "on: push\n" };

/** A push of a commit with those files to refs, as git's command names them. */
function push(
  name: string,
  to: (scene: Scene) => string[],
  { files = WORK, why }: { files?: Record<string, string>; why: RegExp },
): Row {
  return {
    name: `push ${name}`,
    attack: (scene) => ({ kind: "push", of: scene.agent.repo, files, to: to(scene) }),
    got: /^1: [^]*(remote: coxswain: refused: |remote rejected)/,
    line: ({ agent }) => ({ run: agent.run, verb: "git", target: `${agent.repo} ${agent.ref}`, why }),
  };
}

/** Of git, in this order. */
export const GIT: Row[] = [
  {
    name: "fetch of another repository",
    attack: () => ({ kind: "clone", of: "ada/secret" }),
    got: /^128: [^]*403/,
    line: ({ agent }) => ({
      run: agent.run,
      verb: "git",
      target: "GET /git/ada/secret.git/info/refs",
      why: /may use the repository ada\/busy alone/,
    }),
  },
  push("to the base branch", () => ["HEAD:refs/heads/main"], { why: /not to refs\/heads\/main/ }),
  push(
    "to another issue's branch",
    ({ agent }) => [`HEAD:refs/heads/agent/${agent.issue.number + 1}/write`],
    {
      why: /not to refs\/heads\/agent\/\d+\/write/,
    },
  ),
  push("of a tag", () => ["HEAD:refs/tags/v1"], { why: /not to refs\/tags\/v1/ }),
  push("of a workflow", ({ agent }) => [`HEAD:${agent.ref}`], {
    files: CI,
    why: /\.github\/workflows\/evil\.yml/,
  }),
  push("to two refs at once", ({ agent }) => [`HEAD:${agent.ref}`, "HEAD:refs/heads/other"], {
    why: /one ref at a time/,
  }),
];

/** After a person has pushed to the agent's branch. */
export const OVER_A_PERSON: Row = push("over a person's commit", ({ agent }) => [`+HEAD:${agent.ref}`], {
  why: /commits that stand are never replaced/,
});

/** What the agent may do. */
export const OWN_PUSH = {
  name: "push to its own branch",
  attack: ({ agent }: Scene) => ({
    kind: "push" as const,
    of: agent.repo,
    files: { "mine.txt": "Mine.\n" },
    to: [`HEAD:${agent.ref}`],
  }),
};
