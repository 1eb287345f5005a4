import type { Acts } from "./acts.ts";
import type { Pull } from "./pull.ts";
import { where } from "./github.ts";
import type { Stage } from "./stage.ts";

interface Failure {
  summary?: string;
  annotations?: { path: string; line: number; message: string }[];
  /** The job's log. */
  log?: string;
}

/** What runs on the pull request's newest commit. */
export interface Ci {
  starts(check: string): Promise<void>;
  passes(check: string): Promise<void>;
  fails(check: string, how?: Failure): Promise<void>;
  /** A commit status, as older services report. */
  says(
    context: string,
    state: "pending" | "success" | "failure" | "error",
    description: string,
  ): Promise<void>;
}

export function openCi({ ci, twin }: Stage, pull: Pull, { act }: Acts): Ci {
  const head = () => ({ ...where, head_sha: pull.now().head.sha });
  const ends = async (name: string, conclusion: "success" | "failure", output: object): Promise<number> => {
    const { data } = await ci.checks.listForRef({ ...where, ref: pull.now().head.sha, check_name: name });
    const running = data.check_runs.find((run) => run.status !== "completed");
    const done = { status: "completed", conclusion, ...output } as const;
    if (!running) return (await ci.checks.create({ ...head(), name, ...done })).data.id;
    await ci.checks.update({ ...where, check_run_id: running.id, ...done });
    return running.id;
  };
  return {
    starts: (name) =>
      act(async () => void (await ci.checks.create({ ...head(), name, status: "in_progress" }))),
    passes: (name) => act(async () => void (await ends(name, "success", {}))),
    fails: (name, { summary = "It failed.", annotations = [], log } = {}) =>
      act(async () => {
        // The log is there before the check ends, as it is on GitHub.
        const { data } = await ci.checks.create({ ...head(), name, status: "in_progress" });
        if (log) twin.world.state.checkRuns.rows.get(data.id)!.jobLog = log;
        const notes = annotations.map(({ path, line, message }) => ({
          path,
          start_line: line,
          end_line: line,
          annotation_level: "failure" as const,
          message,
        }));
        await ends(name, "failure", { output: { title: "Failed", summary, annotations: notes } });
      }),
    says: (context, state, description) =>
      act(async () => {
        await ci.repos.createCommitStatus({
          ...where,
          sha: pull.now().head.sha,
          context,
          state,
          description,
        });
      }),
  };
}
