/** Repositories and their labels. Commits, refs and trees are git's. */
import type { Level } from "./accounts.ts";

/** A classic branch protection rule, for one exact branch name. */
export interface BranchProtection {
  branch: string;
  requiredChecks: string[];
  requiredApprovals: number;
}

export interface Repository {
  id: number;
  ownerId: number;
  name: string;
  description: string | null;
  private: boolean;
  archived: boolean;
  defaultBranch: string;
  mergeMethods: { merge: boolean; squash: boolean; rebase: boolean };
  deleteBranchOnMerge: boolean;
  /** Private repositories on GitHub's free plan have no drafts. */
  drafts: boolean;
  protections: BranchProtection[];
  collaborators: { accountId: number; level: Level }[];
  nextNumber: number;
  createdAt: number;
  updatedAt: number;
  pushedAt: number;
}

export interface Label {
  id: number;
  repositoryId: number;
  name: string;
  color: string;
  description: string | null;
  default: boolean;
}
