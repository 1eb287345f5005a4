/** One entry of `errors` in GitHub's "Validation Failed" answers (some rules of pull requests give sentences instead). */
export interface FieldError {
  resource: string;
  field?: string;
  code: "missing" | "missing_field" | "invalid" | "already_exists" | "custom";
  message?: string;
  value?: unknown;
}

/** A refusal that the client is told: REST answers with the status, GraphQL with an entry in `errors`. */
export class GitHubError extends Error {
  readonly status: number;
  readonly errors: readonly (FieldError | string)[] | undefined;

  constructor(status: number, message: string, errors?: readonly (FieldError | string)[]) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

/** 404: it isn't there, or the viewer may not know that it is. */
export function notFound(): GitHubError {
  return new GitHubError(404, "Not Found");
}

/** 422 with the fields at fault. */
export function invalid(...errors: (FieldError | string)[]): GitHubError {
  return new GitHubError(422, "Validation Failed", errors);
}

/** 422 with one sentence, as GitHub words rules that no single field breaks. */
export function refused(sentence: string): GitHubError {
  return new GitHubError(422, sentence);
}

/** Ends a `switch` over a union: reached only if the types lie. */
export function never(value: never): never {
  throw new Error(`unexpected: ${JSON.stringify(value)}`);
}
