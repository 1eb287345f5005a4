import type { Acts } from "./acts.ts";
import { pushCommit } from "./git.ts";
import { where } from "./github.ts";
import type { Person } from "./github.ts";
import type { Stage } from "./stage.ts";

/** The repository, and what people do to it beside its issues. */
export interface Repository {
  /** Somebody pushes to the default branch. */
  getsPush(changes: Record<string, string | null>, by: { by: Person }): Promise<void>;
  /** A file on a branch. */
  file(path: string, branch: string): Promise<string>;
  branches(): Promise<string[]>;
  losesBranch(branch: string, by: { by: Person }): Promise<void>;
  /** The message of the newest commit on a branch. */
  lastMessage(branch: string): Promise<string>;
}

export function openRepository({ gitUrl, people }: Stage, { act }: Acts): Repository {
  const { octokit } = people.admin;
  return {
    getsPush: (changes, { by }) =>
      act(async () => {
        await pushCommit({
          url: gitUrl,
          token: by.token,
          branch: "main",
          changes,
          message: "Change what everybody starts from",
          author: { name: by.login, email: `${by.login}@example.com` },
        });
      }),
    async file(path, ref) {
      const { data } = await octokit.repos.getContent({ ...where, path, ref });
      if (Array.isArray(data) || data.type !== "file") throw new Error(`${path} is no file.`);
      return Buffer.from(data.content, "base64").toString("utf8");
    },
    branches: async () =>
      (await octokit.paginate(octokit.repos.listBranches, where)).map(({ name }) => name).sort(),
    losesBranch: (branch, { by }) =>
      act(async () => void (await by.octokit.git.deleteRef({ ...where, ref: `heads/${branch}` }))),
    lastMessage: async (ref) => (await octokit.repos.getCommit({ ...where, ref })).data.commit.message,
  };
}
