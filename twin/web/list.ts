import { labelsOf } from "../lookup.ts";
import type { Issue } from "../model.ts";
import { accountOf, pullOfIssue } from "../store.ts";
import { childrenOf } from "../table.ts";
import type { World } from "../world.ts";
import { issueAddress } from "./address.ts";
import type { Place } from "./address.ts";
import { markup } from "./markup.ts";
import type { Html } from "./markup.ts";
import { labelPill, person, time, titleText } from "./parts.ts";
import { stateBadge } from "./stateBadge.ts";

/** A repository's issues or pull requests, open ones first, the newest on top. */
export function list({ world, repository }: Place, kind: "issues" | "pulls"): Html {
  const found = childrenOf(world.state.issues, repository.id)
    .filter(({ isPull }) => isPull === (kind === "pulls"))
    .sort((one, other) => other.number - one.number);
  const inOrder = [
    ...found.filter(({ state }) => state === "open"),
    ...found.filter(({ state }) => state === "closed"),
  ];
  return markup`<h1>${kind === "pulls" ? "Pull requests" : "Issues"}</h1>
${found.length === 0 ? markup`<p class="quiet">There are none.</p>` : inOrder.map((issue) => row(world, issue))}`;
}

function row(world: World, issue: Issue): Html {
  const author = person(accountOf(world.state, issue.authorId));
  return markup`<div class="box"><div class="text">
<div class="row">${stateBadge(issue, pullOfIssue(world.state, issue))}
<a href="${issueAddress(world, issue)}"><b>${titleText(issue.title)}</b></a> ${labelsOf(world.state, issue).map(labelPill)}</div>
<span class="quiet">#${issue.number} opened ${time(world, issue.createdAt)} by ${author}</span>
</div></div>`;
}
