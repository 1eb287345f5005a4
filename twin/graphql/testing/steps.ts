import { writeFile } from "../../acts/contents.ts";
import { react } from "../../acts/reactions.ts";
import { createRef } from "../../acts/refs.ts";
import { readRef } from "../../git/refs.ts";
import { gitDir } from "../../git/run.ts";
import type { Reactable } from "../../model.ts";
import type { Town } from "./town.ts";

/** Commits files to a branch, one commit each. */
export async function push(
  { world, repository, as }: Town,
  branch: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const message = `Write ${path}\n\nCo-authored-by: Ann <ann@acme.test>\nCo-authored-by: X <x@else.test>`;
    await writeFile(world, as("mia"), repository, { path, content: Buffer.from(content), message, branch });
  }
}

/** Makes a branch at the tip of main. */
export async function branch({ world, repository, as }: Town, name: string): Promise<void> {
  const main = (await readRef(gitDir(world, repository), "refs/heads/main"))!;
  await createRef(world, as("mia"), repository, { ref: `refs/heads/${name}`, sha: main });
}

/** Three people's reactions. */
export function applaud({ world, as }: Town, subject: Reactable): void {
  for (const login of ["mia", "tom", "rex"]) react(world, as(login), subject, "+1");
}

/** So many lines that each tell their number. */
export function lines(count: number): string {
  return Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join("");
}
