import { isStatus } from "../../../app/github.ts";
import type { Effect } from "../decide/effects.ts";
import { printStatus, STATUS_MARKER } from "../statusComment.ts";
import { revisionKey } from "../revision.ts";
import { once } from "./once.ts";
import type { PerformPorts } from "./ports.ts";
import { repo } from "./ports.ts";

/** Writes the status comment: everything that follows from the new state comes after it. */
export async function status(effect: Effect & { kind: "status" }, ports: PerformPorts): Promise<void> {
  const { snapshot, github, stateKey } = ports;
  const home = {
    appId: snapshot.app.id,
    repositoryId: snapshot.repository.id,
    issue: snapshot.issue.number,
    key: stateKey,
  };
  const body = printStatus({ visible: effect.visible, state: effect.state, ...home });
  if (effect.comment) {
    try {
      await github.write(effect.rank, "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", {
        ...repo(ports),
        comment_id: Number(effect.comment.id),
        body,
      });
    } catch (error) {
      // Deleted in between: the next look finds it missing and says so.
      if (!isStatus(error, 404, 410)) throw error;
      throw new Error("The status comment was deleted while it was being written.", { cause: error });
    }
  } else {
    await once(ports, STATUS_MARKER, () =>
      github.write(effect.rank, "POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
        ...repo(ports),
        issue_number: snapshot.issue.number,
        body,
      }),
    );
  }
  await ports.redis.set(
    revisionKey(ports.prefix, snapshot.repository.id, snapshot.issue.number),
    effect.state.revision,
  );
}
