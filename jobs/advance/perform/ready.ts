import { GraphqlResponseError } from "@octokit/graphql";

import { asReady } from "../../../app/words/draft.ts";
import type { Effect } from "../decide/effects.ts";
import type { PerformPorts } from "./ports.ts";
import { repo } from "./ports.ts";

type Ready = Effect & { kind: "ready" };

/** A draft becomes ready for review; where GitHub has no drafts, its title no longer says that it isn't. */
export async function ready(effect: Ready, ports: PerformPorts): Promise<void> {
  const { draft = true, title = "" } = ports.snapshot.pulls.find((each) => each.number === effect.pull) ?? {};
  if (draft) await mark(effect, ports);
  if (asReady(title) === title) return;
  await ports.github.write("state", "PATCH /repos/{owner}/{repo}/pulls/{pull_number}", {
    ...repo(ports),
    pull_number: effect.pull,
    title: asReady(title),
  });
}

/** https://docs.github.com/en/graphql/reference/mutations#markpullrequestreadyforreview: only GraphQL has it. */
async function mark(effect: Ready, ports: PerformPorts): Promise<void> {
  const document =
    "mutation($pull: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $pull}) { clientMutationId } }";
  try {
    await ports.github.mutate("state", document, { pull: effect.nodeId }, 1);
  } catch (error) {
    // GitHub documents no answer for one that is ready already, and somebody may have been quicker: so it is looked at.
    if (!(error instanceof GraphqlResponseError) || (await isDraft(effect.pull, ports))) throw error;
  }
}

async function isDraft(pull: number, ports: PerformPorts): Promise<boolean> {
  const { draft } = await ports.github.read<{ draft?: boolean }>(
    "GET /repos/{owner}/{repo}/pulls/{pull_number}",
    { ...repo(ports), pull_number: pull },
  );
  return draft === true;
}
