import { isStatus } from "../../../app/github.ts";
import { asDraft, asReady } from "../../../app/words/draft.ts";
import type { Effect } from "../decide/effects.ts";
import type { PerformPorts } from "./ports.ts";
import { repo } from "./ports.ts";

/**
 * Changes the words of a pull request. A title that says that it isn't ready goes on saying so.
 * https://docs.github.com/en/rest/pulls/pulls#update-a-pull-request
 */
export async function editPull(effect: Effect & { kind: "editPull" }, ports: PerformPorts): Promise<void> {
  const { pull, title, body } = effect;
  const before = ports.snapshot.pulls.find((each) => each.number === pull)?.title ?? "";
  const unready = asReady(before) !== before;
  try {
    await ports.github.write("display", "PATCH /repos/{owner}/{repo}/pulls/{pull_number}", {
      ...repo(ports),
      pull_number: pull,
      ...(title === null ? {} : { title: unready ? asDraft(title) : title }),
      ...(body === null ? {} : { body }),
    });
  } catch (error) {
    if (!isStatus(error, 404)) throw error;
  }
}
