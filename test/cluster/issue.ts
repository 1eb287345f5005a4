import { Octokit } from "@octokit/rest";

import { until } from "./until.ts";

/** An issue of the twin, as people see it. */
export interface Issue {
  at: { owner: string; repo: string };
  number: number;
  maintainer: Octokit;
  /** The phase that its label shows. */
  phase(): Promise<string | undefined>;
  /** The text of its comments, oldest first. */
  comments(): Promise<string[]>;
  /** Waits until a comment holds that. */
  says(words: string | RegExp, seconds?: number): Promise<string>;
  /** A maintainer gives the comment that holds those words a 👍. */
  approves(words: string): Promise<void>;
  /** Its runs as its status comment shows them: what, which attempt, the result. */
  runs(): Promise<string[][]>;
  /** Waits for its phase. Throws at once where it is blocked instead, with what is said. */
  reaches(phase: string, seconds?: number): Promise<void>;
  /** The open pull request of a branch `agent/<issue>/…`, once it is there. */
  pull(branch: string): Promise<{ number: number; head: { sha: string } }>;
  /** A person merges that pull request. */
  merge(pull: number): Promise<void>;
  /** A file of the base branch. */
  file(path: string): Promise<string>;
}

interface Opened {
  api: string;
  owner: string;
  repo: string;
  tokens: { maintainer: string; reader: string };
  title?: string;
  body: string;
  /** Not labelled yet, with false. */
  labelled?: boolean;
}

/** Someone without permission writes it, a maintainer labels it. */
export async function openIssue({ api, owner, repo, tokens, ...said }: Opened): Promise<Issue> {
  const at = { owner, repo };
  const [maintainer, reader] = [tokens.maintainer, tokens.reader].map(
    (auth) => new Octokit({ baseUrl: api, auth }),
  ) as [Octokit, Octokit];
  const { title = said.body.slice(0, 60), body, labelled = true } = said;
  const { data: issue } = await reader.issues.create({ ...at, title, body });
  const here = { ...at, issue_number: issue.number };
  if (labelled) await maintainer.issues.addLabels({ ...here, labels: ["agent"] });
  const phase = async (): Promise<string | undefined> => {
    const { data } = await maintainer.issues.listLabelsOnIssue(here);
    return data.find(({ name }) => name.startsWith("agent: "))?.name.slice("agent: ".length);
  };
  const comments = async (): Promise<string[]> =>
    (await maintainer.paginate(maintainer.issues.listComments, here)).map(({ body }) => body ?? "");
  return {
    at,
    number: issue.number,
    maintainer,
    phase,
    comments,
    says: (words, seconds) => {
      const holds = (text: string) => (typeof words === "string" ? text.includes(words) : words.test(text));
      return until(`#${issue.number} to say ${words}`, async () => (await comments()).find(holds), seconds);
    },
    approves: async (words) => {
      const { data } = await maintainer.issues.listComments(here);
      const comment_id = data.find(({ body }) => body?.includes(words))?.id ?? 0;
      await maintainer.reactions.createForIssueComment({ ...at, comment_id, content: "+1" });
    },
    runs: async () => {
      const rows = (await comments()).join("\n").matchAll(/^\| ([\w -]+) \| (\d+) \| (.*) \| [\d,]+ \|$/gm);
      return [...rows].map(([, what = "", attempt = "", result = ""]) => [what, attempt, result]);
    },
    reaches: async (wanted, seconds = 120) => {
      let blocked = "";
      await until(
        `#${issue.number} to be ${wanted}`,
        async () => {
          const now = await phase();
          if (now === "blocked" && wanted !== "blocked") blocked = (await comments()).at(-1) ?? "?";
          return now === wanted || blocked;
        },
        seconds,
      );
      if (blocked) throw new Error(`#${issue.number} is blocked, not ${wanted}: ${blocked}`);
    },
    pull: (branch) => {
      const head = `${owner}:agent/${issue.number}/${branch}`;
      return until(`the pull request of ${head}`, async () => {
        const { data } = await maintainer.pulls.list({ ...at, state: "open", head });
        return data[0];
      });
    },
    merge: async (pull) =>
      void (await maintainer.pulls.merge({ ...at, pull_number: pull, merge_method: "squash" })),
    file: async (path) => {
      const { data } = await maintainer.repos.getContent({ ...at, path });
      if (!("content" in data)) throw new Error(`${path} is no file.`);
      return Buffer.from(data.content, "base64").toString();
    },
  };
}
