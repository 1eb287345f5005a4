import { execFile } from "node:child_process";
import { createHmac, timingSafeEqual } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";

const run = promisify(execFile);

export interface CiOptions {
  api: string;
  web: string;
  appId: number;
  privateKey: string;
  secret: string;
  jobs: readonly CiJob[];
  /** Where it listens: on any port of this machine alone, if it isn't given. */
  listen?: { host: string; port: number };
  /** Hears of each check that has ended. */
  ended(check: { name: string; branch: string; passed: boolean }): void;
}

interface Push {
  ref: string;
  after: string;
  deleted: boolean;
  installation: { id: number };
  repository: { name: string; owner: { login: string } };
}

/** One of the sample's jobs; `complaint` finds what an annotation should say, there. */
export interface CiJob {
  name: string;
  command: readonly string[];
  complaint: RegExp;
  at: { path: string; line: number };
}

/**
 * A small CI: a GitHub App of its own that runs the sample's tests on every push, and tells by check runs. It knows the
 * twin by GitHub's public API alone.
 */
export async function startCi(options: CiOptions): Promise<{ url: string; stop(): Promise<void> }> {
  const underWay = new Set<Promise<void>>();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    const good = signed(body, options.secret, request.headers["x-hub-signature-256"]);
    response.writeHead(good ? 200 : 401).end();
    if (!good || request.headers["x-github-event"] !== "push") return;
    const checking = check(JSON.parse(body) as Push, options).finally(() => underWay.delete(checking));
    underWay.add(checking);
    await checking;
  };
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  const { host, port: wanted } = options.listen ?? { host: "127.0.0.1", port: 0 };
  await new Promise<void>((resolve) => server.listen(wanted, host, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}`,
    stop: async () => {
      await Promise.allSettled(underWay);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function signed(body: string, secret: string, signature: string | string[] | undefined): boolean {
  const expected = Buffer.from(`sha256=${createHmac("sha256", secret).update(body).digest("hex")}`);
  const given = Buffer.from(String(signature));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

async function check(push: Push, options: CiOptions): Promise<void> {
  const branch = push.ref.replace("refs/heads/", "");
  if (push.deleted || !push.ref.startsWith("refs/heads/")) return;
  const where = { owner: push.repository.owner.login, repo: push.repository.name };
  const auth = { appId: options.appId, privateKey: options.privateKey, installationId: push.installation.id };
  const octokit = new Octokit({ baseUrl: options.api, authStrategy: createAppAuth, auth });
  const started = await Promise.all(
    options.jobs.map(({ name }) =>
      octokit.checks.create({ ...where, name, head_sha: push.after, status: "in_progress" }),
    ),
  );
  const { token } = (await octokit.auth({ type: "installation" })) as { token: string };
  const folder = await checkout(`${options.web}/${where.owner}/${where.repo}.git`, push.after, token);
  try {
    for (const [at, job] of options.jobs.entries()) {
      const { code, printed } = await attempt(job.command, folder);
      const complaint = job.complaint.exec(printed)?.[1] ?? "It failed.";
      const annotation = {
        path: job.at.path,
        start_line: job.at.line,
        end_line: job.at.line,
        annotation_level: "failure" as const,
        message: complaint,
      };
      await octokit.checks.update({
        ...where,
        check_run_id: started[at]!.data.id,
        status: "completed",
        conclusion: code === 0 ? "success" : "failure",
        output: {
          title: code === 0 ? "Passed" : "Failed",
          summary: code === 0 ? "All is well." : printed.slice(-2000),
          annotations: code === 0 ? [] : [annotation],
        },
      });
      options.ended({ name: job.name, branch, passed: code === 0 });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The commit in a new folder. The token goes by the environment, never by argv. */
async function checkout(url: string, sha: string, token: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "demo-ci-"));
  const header = `Authorization: Basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
  const env = {
    ...process.env,
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "http.extraHeader",
    GIT_CONFIG_VALUE_0: header,
  };
  await run("git", ["init", "-q"], { cwd: folder });
  await run("git", ["fetch", "-q", "--depth", "1", url, sha], { cwd: folder, env });
  await run("git", ["checkout", "-q", "FETCH_HEAD"], { cwd: folder });
  return folder;
}

/** Runs a job with this Node, and nothing of our own environment but PATH. */
async function attempt(
  [command, ...args]: readonly string[],
  cwd: string,
): Promise<{ code: number; printed: string }> {
  const env = { PATH: `${dirname(process.execPath)}:${process.env["PATH"]}`, HOME: cwd };
  try {
    const { stdout, stderr } = await run(command!, args, { cwd, env, timeout: 60_000 });
    return { code: 0, printed: stdout + stderr };
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    return { code: 1, printed: stdout + stderr || String(error) };
  }
}
