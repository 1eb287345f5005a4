import { GraphqlResponseError, withCustomRequest } from "@octokit/graphql";
import type { ProbotOctokit } from "probot";

import type { Rank, WriteBucket } from "./bucket.ts";

type Octokit = InstanceType<typeof ProbotOctokit>;

/** GitHub as one installation of the app sees it. Everything that reads or writes GitHub goes through one of these. */
export interface Installation {
  id: number;
  /** A query of the whole: throws on *any* error, also a partial one (GitHub answers heavy queries so). */
  query<T>(document: string, variables: Record<string, unknown>): Promise<T>;
  /** A REST read: `GET /repos/{owner}/{repo}/…`. Throws octokit's RequestError. */
  read<T>(route: `GET ${string}`, parameters: Record<string, unknown>): Promise<T>;
  /** A REST write, through the write bucket. Throws `Later` when the bucket is short, RequestError as GitHub answers. */
  write<T>(
    rank: Rank,
    route: `${"POST" | "PATCH" | "PUT" | "DELETE"} ${string}`,
    parameters: Record<string, unknown>,
  ): Promise<T>;
  /** GraphQL mutations, through the write bucket; `writes` says how many the document holds. */
  mutate<T>(rank: Rank, document: string, variables: Record<string, unknown>, writes: number): Promise<T>;
}

/** The installation that `octokit` is authenticated as. */
export function installation(id: number, octokit: Octokit, bucket: WriteBucket): Installation {
  const graphql = withCustomRequest(octokit.request);
  return {
    id,
    query: (document, variables) => graphql(document, variables),
    read: async (route, parameters) => (await octokit.request(route, parameters)).data,
    async write(rank, route, parameters) {
      await bucket.take(id, rank, 1);
      return (await octokit.request(route, parameters)).data;
    },
    async mutate(rank, document, variables, writes) {
      await bucket.take(id, rank, writes);
      return graphql(document, variables);
    },
  };
}

/** Whether GitHub answered `error` with that HTTP status. */
export function isStatus(error: unknown, ...statuses: number[]): boolean {
  return error instanceof Error && "status" in error && statuses.includes(Number(error.status));
}

/** Whether GitHub says that the app may not; 403 is also what a limit answers with. */
export const isForbidden = (error: unknown): error is Error =>
  isStatus(error, 403) && !/rate limit|abuse/i.test(String(error));

/** GitHub's own words for why it refused: octokit adds the address of a page of the documentation. */
export const wordsOf = (error: Error): string => error.message.replace(/ - https?:\S+$/, "");

/** Whether a GraphQL answer says that the thing isn't there (any more). */
export function isNotFound(error: unknown): boolean {
  if (error instanceof GraphqlResponseError)
    return error.errors?.every((each) => each.type === "NOT_FOUND") ?? false;
  return isStatus(error, 404, 410);
}
