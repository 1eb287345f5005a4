import type { Lease } from "../../contract/lease.ts";
import { openToken } from "../../contract/lease.ts";
import { Refusal } from "../refusal.ts";
import type { GateSettings } from "../settings.ts";

/** The one repository of a lease, as it stands on GitHub. */
export interface Origin {
  repository: Lease["repository"];
  url: string;
  token: string;
}

/** Throws a 503 `Refusal` when the lease's token can't be opened. */
export function originOf(lease: Lease, settings: GateSettings): Origin {
  const { owner, name } = lease.repository;
  const url = `${settings.githubServerUrl}/${encodeURIComponent(owner)}/${encodeURIComponent(name)}.git`;
  return { repository: lease.repository, url, token: tokenOf(lease, settings) };
}

function tokenOf(lease: Lease, settings: GateSettings): string {
  try {
    return openToken(lease.token, lease.run, settings.leaseKeys);
  } catch {
    throw new Refusal(
      503,
      "no_lease",
      "The token in this run's lease can't be opened, so nothing is allowed.",
    );
  }
}

export function fullName({ repository }: Pick<Lease, "repository">): string {
  return `${repository.owner}/${repository.name}`;
}
