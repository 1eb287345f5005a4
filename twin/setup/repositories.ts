import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { refused } from "../errors.ts";
import { initRepository, seed } from "../git/repository.ts";
import type { SeedFile } from "../git/repository.ts";
import { gitDir } from "../git/run.ts";
import type { Account, Repository } from "../model.ts";
import { signatureOf } from "../payloads/commit.ts";
import { newId, repositoryByName } from "../store.ts";
import { insert } from "../table.ts";
import type { World } from "../world.ts";

type RepositorySettings = Partial<
  Pick<
    Repository,
    | "private"
    | "description"
    | "defaultBranch"
    | "mergeMethods"
    | "deleteBranchOnMerge"
    | "drafts"
    | "protections"
  >
>;

export interface NewRepository {
  owner: Account;
  name: string;
  /** The first commit: path → text, or a folder that is read (without its `.git` and `node_modules`). */
  files?: Readonly<Record<string, string>> | { folder: string };
  settings?: RepositorySettings;
}

/** Makes a repository with GitHub's usual labels. Without files it is empty. */
export async function createRepository(world: World, asked: NewRepository): Promise<Repository> {
  const { owner, name, files } = asked;
  if (repositoryByName(world.state, owner.login, name)) throw refused("name already exists on this account");
  const at = world.now();
  const repository = insert(world.state.repositories, {
    id: newId(world.state),
    ownerId: owner.id,
    name,
    description: null,
    private: false,
    archived: false,
    defaultBranch: "main",
    mergeMethods: { merge: true, squash: true, rebase: true },
    deleteBranchOnMerge: false,
    drafts: true,
    protections: [],
    ...asked.settings,
    collaborators: [],
    nextNumber: 1,
    createdAt: at,
    updatedAt: at,
    pushedAt: at,
  });
  for (const [label, color, description] of usualLabels)
    insert(world.state.labels, {
      id: newId(world.state),
      repositoryId: repository.id,
      name: label,
      color,
      description,
      default: true,
    });
  const dir = gitDir(world, repository);
  await initRepository(dir, repository.defaultBranch);
  const content = files && (await contentOf(files));
  const by = signatureOf(world, owner, at);
  if (content?.size)
    await seed(dir, { branch: repository.defaultBranch, files: content, message: "Initial commit", by });
  world.changed();
  return repository;
}

const usualLabels = [
  ["bug", "d73a4a", "Something isn't working"],
  ["documentation", "0075ca", "Improvements or additions to documentation"],
  ["enhancement", "a2eeef", "New feature or request"],
] as const;

async function contentOf(files: NonNullable<NewRepository["files"]>): Promise<Map<string, SeedFile>> {
  if (typeof files["folder"] === "string" && Object.keys(files).length === 1)
    return readFolder(files["folder"]);
  return new Map(Object.entries(files).map(([path, content]) => [path, { content, executable: false }]));
}

async function readFolder(folder: string): Promise<Map<string, SeedFile>> {
  const found = new Map<string, SeedFile>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const path = relative(folder, file).split(sep).join("/");
    if (!entry.isFile() || /(^|\/)(\.git|node_modules)\//.test(path)) continue;
    const { mode } = await stat(file);
    found.set(path, { content: await readFile(file), executable: (mode & 0o100) !== 0 });
  }
  return found;
}
