import { where } from "./github.ts";
import type { Stage } from "./stage.ts";
import { view } from "./view.ts";

/** How a world stands at the end of a scenario, without what may be otherwise each time: ids, times, counts, spend. */
export async function endingOf({ people }: Stage): Promise<object> {
  const { octokit } = people.admin;
  const { issues, pulls, said } = await view(octokit);
  const branches = await octokit.paginate(octokit.repos.listBranches, { ...where, per_page: 100 });
  const trees = await Promise.all(
    branches.map(async ({ name, commit }) => {
      const { data } = await octokit.git.getCommit({ ...where, commit_sha: commit.sha });
      return [name, data.tree.sha] as const;
    }),
  );
  return {
    issues,
    pulls: pulls.map(({ head, ...pull }) => ({ ...pull, branch: head.branch })),
    said: said.map(({ on, by, text }) => ({ on, by, text: lasting(text) })),
    trees: Object.fromEntries(trees),
  };
}

/** The words without the names of runs (they hold ids) and the tokens. */
const lasting = (text: string): string =>
  text.replaceAll(/\bcx-[\w-]+/g, "cx-…").replaceAll(/\d[\d,]* (tokens|of [\d,]+)/g, "… $1");
