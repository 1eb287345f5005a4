import type { Installation } from "../model.ts";
import { installationsOn } from "../store.ts";
import { grants } from "../viewer.ts";
import type { Grant } from "../viewer.ts";
import type { Occurrence, World } from "../world.ts";

/**
 * The permission without which an app can't subscribe to an event, from
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads
 */
const neededFor: Partial<Record<Occurrence["event"], Grant>> = {
  check_run: "checks:read",
  check_suite: "checks:read",
  create: "contents:read",
  delete: "contents:read",
  issue_comment: "issues:read",
  issues: "issues:read",
  label: "metadata:read",
  pull_request: "pull_requests:read",
  pull_request_review: "pull_requests:read",
  pull_request_review_comment: "pull_requests:read",
  pull_request_review_thread: "pull_requests:read",
  push: "contents:read",
  status: "statuses:read",
};

/** What of `check_run` and `check_suite` only an app that may write checks is asked. */
const askedOfWriters = new Set(["requested", "rerequested", "requested_action"]);

/** The events that every app gets without subscribing. */
export function isAboutInstallation(event: string): boolean {
  return event === "installation" || event === "installation_repositories";
}

/** The installations whose apps are told of something in a repository. */
export function subscribers(world: World, told: Occurrence): Installation[] {
  if (!told.repository) return [];
  return installationsOn(world.state, told.repository).filter(
    (installation) =>
      installation.suspendedAt === null &&
      (told.onlyAppId === undefined || told.onlyAppId === installation.appId) &&
      subscribed(installation, told),
  );
}

function subscribed(installation: Installation, { event, action }: Occurrence): boolean {
  const needed = neededFor[event];
  if (!needed || !grants(installation.permissions, needed)) return false;
  const writesChecks = needed === "checks:read" && grants(installation.permissions, "checks:write");
  if (needed === "checks:read" && askedOfWriters.has(action ?? "")) return writesChecks;
  // "GitHub Apps with write-level access for the Checks permission are automatically subscribed."
  return writesChecks || installation.events.includes(event);
}
