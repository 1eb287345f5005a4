import { appendFile, chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Signature } from "../model.ts";
import { zeroSha } from "./refs.ts";
import { git } from "./run.ts";

/** What a hook is told by the environment of `git http-backend`. */
export const hookVariables = {
  /** The file that the moved refs of a push are written into. */
  pushed: "TWIN_PUSHED",
  /** Set: changes of workflows are refused. */
  noWorkflows: "TWIN_NO_WORKFLOWS",
  /** Full names of refs that can't be pushed to, separated by spaces. */
  protectedRefs: "TWIN_PROTECTED_REFS",
} as const;

/** Makes an empty bare repository that serves and takes pushes like GitHub's. */
export async function initRepository(dir: string, defaultBranch: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  await git(dir, ["init", "--quiet", "--bare", `--initial-branch=${defaultBranch}`, dir]);
  await appendFile(join(dir, "config"), settings);
  await hook(dir, "pre-receive", preReceive);
  await hook(dir, "post-receive", postReceive);
}

const settings = `
[http]
  receivepack = true
[uploadpack]
  allowFilter = true
  allowAnySHA1InWant = true
[receive]
  autogc = false
[gc]
  auto = 0
[core]
  quotePath = false
`;

/** Writes files (path → content) as the first commit of a branch. */
export async function seed(
  dir: string,
  {
    branch,
    files,
    message,
    by,
  }: { branch: string; files: ReadonlyMap<string, SeedFile>; message: string; by: Signature },
): Promise<void> {
  const person = `${by.name} <${by.email}> ${Math.floor(by.at / 1000)} +0000`;
  const counted = (bytes: Buffer) => [Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from("\n")];
  const commit = [
    Buffer.from(`commit refs/heads/${branch}\nauthor ${person}\ncommitter ${person}\n`),
    ...counted(Buffer.from(message)),
  ];
  for (const [path, { content, executable }] of files) {
    const mode = executable ? "100755" : "100644";
    commit.push(Buffer.from(`M ${mode} inline ${JSON.stringify(path)}\n`), ...counted(Buffer.from(content)));
  }
  await git(dir, ["fast-import", "--quiet"], { input: Buffer.concat(commit) });
}

export interface SeedFile {
  content: Buffer | string;
  executable: boolean;
}

async function hook(dir: string, name: string, script: string): Promise<void> {
  const file = join(dir, "hooks", name);
  await writeFile(file, script);
  await chmod(file, 0o755);
}

/**
 * Refuses what GitHub refuses. In a hook, because git shows a push to nobody else before it is taken.
 * https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches
 */
const preReceive = `#!/bin/sh
zero=${zeroSha}
while read -r before after ref; do
  case " $${hookVariables.protectedRefs} " in
    *" $ref "*)
      echo "error: GH006: Protected branch update failed for $ref."
      exit 1 ;;
  esac
  [ -n "$${hookVariables.noWorkflows}" ] && [ "$after" != "$zero" ] || continue
  from=$before
  [ "$from" = "$zero" ] && from=$(git rev-parse --quiet --verify HEAD || git hash-object -t tree /dev/null)
  git diff-tree -r --name-only --no-renames "$from" "$after" -- .github/workflows | while IFS= read -r path; do
    # What stands the same on the default branch is no change. A name that git quotes is found nowhere, so refused.
    here=$(git rev-parse --quiet --verify "$after:$path")
    [ -n "$here" ] && [ "$(git rev-parse --quiet --verify "HEAD:$path")" = "$here" ] && continue
    echo "refusing to allow a GitHub App to create or update workflow \\\`$path\\\` without \\\`workflows\\\` permission"
    exit 1
  done || exit 1
done
`;

const postReceive = `#!/bin/sh
cat >> "$${hookVariables.pushed}"
`;
