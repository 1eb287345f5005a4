import { z } from "zod";
import { createStatus } from "../acts/statuses.ts";
import { take } from "../http.ts";
import type { Route } from "../http.ts";
import { needs } from "../needs.ts";
import { simpleStatus, statusPayload } from "../payloads/check.ts";
import { minimalRepository } from "../payloads/repository.ts";
import { fullName, statusesOf } from "../store.ts";
import { childrenOf } from "../table.ts";
import { commitNamed } from "./contents.ts";
import { created, ofRepository, ok, page } from "./route.ts";

/** https://docs.github.com/en/rest/commits/statuses */
export const statusRoutes: readonly Route[] = [
  ofRepository("POST /statuses/:sha", needs.writeStatuses, async (call) => {
    const { target_url, ...asked } = take(call, statusSchema);
    const status = await createStatus(call.world, call.viewer, call.repository, {
      sha: call.params["sha"]!,
      state: asked.state,
      description: asked.description ?? null,
      targetUrl: target_url ?? null,
      ...(asked.context === undefined ? {} : { context: asked.context }),
    });
    return created(statusPayload(call.world, status));
  }),
  ofRepository("GET /commits/:ref*/status", needs.readStatuses, async (call) => {
    const { world, repository } = call;
    const sha = await commitNamed(call, call.params["ref"]!);
    const statuses = statusesOf(world.state, repository.id, sha);
    const url = `${world.urls.api}/repos/${fullName(world.state, repository)}/commits/${sha}`;
    return ok({
      state: combined(statuses.map(({ state }) => state)),
      statuses: statuses.map((status) => simpleStatus(world, status)),
      sha,
      total_count: statuses.length,
      repository: minimalRepository(world, repository),
      commit_url: url,
      url: `${url}/status`,
    });
  }),
  ofRepository("GET /commits/:ref*/statuses", needs.readStatuses, async (call) => {
    const sha = await commitNamed(call, call.params["ref"]!);
    const all = childrenOf(call.world.state.statuses, call.repository.id).filter(
      (status) => status.sha === sha,
    );
    return page(call, all.toReversed(), (status) => statusPayload(call.world, status));
  }),
];

const statusSchema = z.object({
  state: z.string(),
  context: z.string().optional(),
  description: z.string().nullish(),
  target_url: z.string().nullish(),
});

/** https://docs.github.com/en/rest/commits/statuses#get-the-combined-status-for-a-specific-reference */
function combined(states: readonly string[]): "failure" | "pending" | "success" {
  if (states.includes("error") || states.includes("failure")) return "failure";
  return states.length === 0 || states.includes("pending") ? "pending" : "success";
}
