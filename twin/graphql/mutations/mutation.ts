import { GitHubError } from "../../errors.ts";
import { lacking } from "../../viewer.ts";
import type { Ask, Resolve } from "../ask.ts";

/** A mutation: what it does with its input, and the payload it answers with. */
type Perform<Input> = (input: Input, ask: Ask) => object | Promise<object>;

/** Resolves a mutation's field. Mutations of one document run one after the other; each fails for itself. */
export function mutation<Input extends { clientMutationId?: string | null }>(
  perform: Perform<Input>,
): Resolve<undefined> {
  return async (_root, { input }: { input: Input }, ask) => {
    const payload = await performed(perform, input, ask);
    ask.world.changed();
    return { clientMutationId: input.clientMutationId ?? null, ...payload };
  };
}

async function performed<Input>(perform: Perform<Input>, input: Input, ask: Ask): Promise<object> {
  try {
    return await perform(input, ask);
  } catch (error) {
    throw error instanceof GitHubError && error.message === lacking(ask.viewer).message
      ? forbidden(error, ask)
      : error;
  }
}

/** Apps are told the same in REST and GraphQL, people aren't. */
function forbidden(error: GitHubError, { viewer, info }: Ask): GitHubError {
  if (viewer.kind !== "user") return error;
  const name = info.fieldName[0]!.toUpperCase() + info.fieldName.slice(1);
  return new GitHubError(
    403,
    `${viewer.account.login} does not have the correct permissions to execute \`${name}\``,
  );
}
