import type { GraphQLResolveInfo } from "graphql";
import type { State } from "../store.ts";
import type { Repository } from "../model.ts";
import type { Viewer } from "../viewer.ts";
import type { World } from "../world.ts";
import type { Cost } from "./cost.ts";

/** What every field of one request shares. */
export interface Context {
  world: World;
  state: State;
  viewer: Viewer;
  cost: Cost;
}

/** What a resolver is given beside its source and arguments. */
export interface Ask extends Context {
  info: GraphQLResolveInfo;
}

/** Resolves one field of a type whose sources are of type `Source`; arguments are as in GitHub's schema. */
export type Resolve<Source> = (source: Source, args: never, ask: Ask) => unknown;

/** The fields of a GraphQL type that the twin has. `Shape` is the type in `@octokit/graphql-schema`: its names are checked. */
export type Fields<Shape, Source> = {
  [Name in Exclude<keyof Shape, "__typename">]?: Resolve<Source>;
};

/**
 * A source with the name of its type. Where the schema has an interface or a union, resolvers return this; everywhere else
 * they return the bare record.
 */
export class Typed {
  readonly __typename: string;
  readonly source: object;

  constructor(typeName: string, source: object) {
    this.__typename = typeName;
    this.source = source;
  }
}

/** A commit, tree or blob of a repository. */
export interface GitObject {
  repositoryId: number;
  oid: string;
}

/** A ref of a repository: `name` is whole, as in `refs/heads/main`. */
export interface RefSource {
  repositoryId: number;
  name: string;
}

/** The repository that a source belongs to; undefined for accounts, apps and what is only a step on the way. */
export function homeOf(state: State, source: unknown): Repository | undefined {
  if (typeof source !== "object" || source === null) return undefined;
  if ("defaultBranch" in source) return source as Repository;
  if ("repositoryId" in source) return state.repositories.rows.get(source.repositoryId as number);
  if ("issueId" in source) return homeOf(state, state.issues.rows.get(source.issueId as number));
  if ("pullId" in source) return homeOf(state, state.pulls.rows.get(source.pullId as number));
  return undefined;
}
