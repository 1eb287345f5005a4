import { pullByNumber } from "../store.ts";
import { decodeNodeId } from "../nodeIds.ts";
import type { Ask } from "./ask.ts";
import { refusal } from "./refusal.ts";
import { protectionOf } from "./reviewing.ts";

/**
 * Whether a check or status must pass before a pull request can merge.
 *
 * @throws GraphQLError when no pull request of the repository is named
 */
export function isRequired(
  repositoryId: number,
  context: string,
  { pullRequestId, pullRequestNumber }: { pullRequestId?: string | null; pullRequestNumber?: number | null },
  { state }: Ask,
): boolean {
  const pull =
    pullRequestNumber == null
      ? state.pulls.rows.get(decodeNodeId(pullRequestId ?? "")?.id ?? 0)
      : pullByNumber(state, repositoryId, pullRequestNumber);
  if (!pull) throw refusal("UNPROCESSABLE", "A valid pull request ID or pull request number is required.");
  return protectionOf(state, pull)?.requiredChecks.includes(context) ?? false;
}
