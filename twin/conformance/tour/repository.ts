import type { Octokit } from "@octokit/rest";
import type { Tour } from "./tour.ts";

/** A repository's files, commits, branches and tags; git's objects one by one. */
export async function tourRepository({ ada, mona, bot, as, at }: Tour): Promise<void> {
  await as().rest.repos.get(at);
  await mona.rest.repos.get(at);
  await ada.rest.repos.listCollaborators(at);
  await ada.rest.repos.checkCollaborator({ ...at, username: "mona" });
  await bot.rest.repos.getCollaboratorPermissionLevel({ ...at, username: "mona" });
  await tourObjects(bot, at);
  await tourFiles(bot, at);
  await tourRefs(bot, at);
  await tourHistory(bot, at);
}

async function tourObjects(bot: Octokit, at: Tour["at"]): Promise<void> {
  const { data: main } = await bot.rest.git.getRef({ ...at, ref: "heads/main" });
  const { data: tip } = await bot.rest.git.getCommit({ ...at, commit_sha: main.object.sha });
  const { data: blob } = await bot.rest.git.createBlob({ ...at, content: "# Objects\n" });
  await bot.rest.git.getBlob({ ...at, file_sha: blob.sha });
  const { data: base } = await bot.rest.git.getTree({ ...at, tree_sha: tip.tree.sha });
  const readme = base.tree.find(({ path }) => path === "README.md")!.sha;
  const { data: tree } = await bot.rest.git.createTree({
    ...at,
    base_tree: tip.tree.sha,
    tree: [
      { path: "docs/objects.md", mode: "100644", type: "blob", sha: blob.sha },
      { path: "README.md", mode: "100644", type: "blob", sha: null },
      { path: "docs/README.md", mode: "100644", type: "blob", sha: readme },
      { path: "link.md", mode: "120000", type: "blob", content: "docs/objects.md" },
      { path: "broken.md", mode: "120000", type: "blob", content: "../none.md" },
    ],
  });
  await bot.rest.git.getTree({ ...at, tree_sha: tree.sha });
  await bot.rest.git.getTree({ ...at, tree_sha: tree.sha, recursive: "1" });
  const commit = { message: "Add a page", tree: tree.sha, parents: [main.object.sha] };
  const { data: made } = await bot.rest.git.createCommit({ ...at, ...commit });
  await bot.rest.git.createRef({ ...at, ref: "refs/heads/objects", sha: main.object.sha });
  await bot.rest.git.updateRef({ ...at, ref: "heads/objects", sha: made.sha });
}

async function tourFiles(bot: Octokit, at: Tour["at"]): Promise<void> {
  const file = { ...at, path: "docs/objects.md", branch: "objects" };
  await bot.rest.repos.getReadme(at);
  await bot.rest.repos.getContent({ ...at, path: "" });
  await bot.rest.repos.getContent({ ...at, path: "src" });
  await bot.rest.repos.getContent({ ...at, path: "src/text.txt", mediaType: { format: "raw" } });
  await bot.rest.repos.getContent({ ...at, path: "link.md", ref: "objects" });
  await bot.rest.repos.getContent({ ...at, path: "broken.md", ref: "objects" });
  const { data } = await bot.rest.repos.getContent({ ...file, ref: "objects" });
  const { sha } = data as { sha: string };
  const content = Buffer.from("# Changed\n").toString("base64");
  const { data: written } = await bot.rest.repos.createOrUpdateFileContents({
    ...file,
    message: "Change the page",
    content,
    sha,
  });
  await bot.rest.repos.createOrUpdateFileContents({ ...file, path: "new.md", message: "Add", content });
  const gone = { ...file, message: "Remove the page", sha: written.content!.sha! };
  await bot.rest.repos.deleteFile(gone);
}

async function tourRefs(bot: Octokit, at: Tour["at"]): Promise<void> {
  await bot.rest.git.listMatchingRefs({ ...at, ref: "heads/" });
  await bot.rest.repos.listBranches(at);
  await bot.rest.repos.getBranch({ ...at, branch: "objects" });
  const { data: main } = await bot.rest.git.getRef({ ...at, ref: "heads/main" });
  await bot.rest.git.createRef({ ...at, ref: "refs/tags/v1", sha: main.object.sha });
  await bot.rest.git.deleteRef({ ...at, ref: "tags/v1" });
}

async function tourHistory(bot: Octokit, at: Tour["at"]): Promise<void> {
  await bot.rest.repos.listCommits({ ...at, sha: "objects" });
  await bot.rest.repos.getCommit({ ...at, ref: "objects" });
  await bot.rest.repos.compareCommitsWithBasehead({ ...at, basehead: "main...objects" });
  await bot.rest.repos.merge({ ...at, base: "main", head: "objects" });
  await bot.rest.repos.merge({ ...at, base: "main", head: "objects" });
}
