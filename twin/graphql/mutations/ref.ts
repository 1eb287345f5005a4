import type * as github from "@octokit/graphql-schema";
import { createRef, deleteRef, updateRef } from "../../acts/refs.ts";
import { repositoryOf } from "../../store.ts";
import type { Fields, RefSource } from "../ask.ts";
import { recordOf } from "../nodes.ts";
import { mutation } from "./mutation.ts";

export const refMutations: Fields<github.Mutation, undefined> = {
  createRef: mutation<github.CreateRefInput>(async (input, ask) => {
    const repository = await recordOf(input.repositoryId, ["Repository"], ask);
    await createRef(ask.world, ask.viewer, repository, { ref: input.name, sha: String(input.oid) });
    return { ref: { repositoryId: repository.id, name: input.name } satisfies RefSource };
  }),
  updateRef: mutation<github.UpdateRefInput>(async (input, ask) => {
    const ref = await recordOf(input.refId, ["Ref"], ask);
    const move = { ref: ref.name, sha: String(input.oid), force: input.force ?? false };
    await updateRef(ask.world, ask.viewer, repositoryOf(ask.state, ref), move);
    return { ref };
  }),
  deleteRef: mutation<github.DeleteRefInput>(async (input, ask) => {
    const ref = await recordOf(input.refId, ["Ref"], ask);
    await deleteRef(ask.world, ask.viewer, repositoryOf(ask.state, ref), ref.name);
    return {};
  }),
};
