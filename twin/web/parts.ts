import { reactionCounts } from "../lookup.ts";
import type { Account, Label, ReactionContent, Writing } from "../model.ts";
import { reactionContents } from "../model.ts";
import { iso } from "../payloads/common.ts";
import { accountOf } from "../store.ts";
import { association } from "../viewer.ts";
import type { World } from "../world.ts";
import type { Place } from "./address.ts";
import { markdown } from "./markdown.ts";
import { markup } from "./markup.ts";
import type { Html } from "./markup.ts";

/** What people see of one text: who wrote it (`did` it), when, and what others think of it. */
export function commentBox(place: Place, writing: Writing, { id, did }: { id: string; did: string }): Html {
  const { world } = place;
  const author = accountOf(world.state, writing.authorId);
  const empty = markup`<p class="quiet">No description provided.</p>`;
  return markup`<article class="box" id="${id}">
<header>${person(author)} <span class="quiet">${did} ${time(world, writing.createdAt)}</span>
${writing.edits.length > 0 ? markup`<span class="quiet">· edited</span>` : null} ${relation(place, author)}</header>
<div class="text">${writing.body.trim() === "" ? empty : markdown(place, writing.body)}</div>
${reactions(world, writing.id)}
</article>`;
}

/** A name with its picture, which is its first letter here; a bot is told by a badge. */
export function person({ id, login, type }: Account): Html {
  const name = login.replace(/\[bot\]$/, "");
  const colour = `hsl(${(id * 77) % 360} 45% 42%)`;
  const bot = type === "Bot";
  return markup`<a class="person" href="/${name}"><i class="avatar ${bot ? "bot" : null}" style="background: ${colour}">${name[0]?.toUpperCase()}</i><b>${name}</b></a>${bot ? markup` <span class="badge">bot</span>` : null}`;
}

/** https://docs.github.com/en/graphql/reference/enums#commentauthorassociation */
function relation({ world, repository }: Place, author: Account): Html | null {
  const found = association(world.state, repository, author);
  if (found === "NONE" || author.type === "Bot") return null;
  return markup`<span class="badge">${found[0]}${found.slice(1).toLowerCase()}</span>`;
}

/** A label in its colour. */
export function labelPill({ name, color }: Pick<Label, "name" | "color">): Html {
  // What GitHub stores is six hex digits; anything else would be somebody's CSS.
  const colour = /^[\da-f]{6}$/i.test(color) ? color : "ededed";
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  const ink = red * 0.299 + green * 0.587 + blue * 0.114 > 150 ? "#1f2328" : "#fff";
  return markup`<span class="label" style="background: #${colour}; color: ${ink}">${name}</span>`;
}

/** How long ago something was, as GitHub writes it. */
export function time(world: World, at: number): Html {
  return markup`<time datetime="${iso(at)}" title="${iso(at)}">${ago(world.now() - at)}</time>`;
}

function ago(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const hours = Math.floor(minutes / 60);
  if (minutes < 1) return "now";
  if (hours < 1) return `${counted(minutes, "minute")} ago`;
  return hours < 24 ? `${counted(hours, "hour")} ago` : `${counted(Math.floor(hours / 24), "day")} ago`;
}

/** `1 task`, `2 tasks`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

const faces: Record<ReactionContent, string> = {
  "+1": "👍",
  "-1": "👎",
  laugh: "😄",
  confused: "😕",
  heart: "❤️",
  hooray: "🎉",
  rocket: "🚀",
  eyes: "👀",
};

function reactions(world: World, subjectId: number): Html | null {
  const counts = reactionCounts(world.state, subjectId);
  const given = reactionContents.filter((content) => counts[content] > 0);
  if (given.length === 0) return null;
  const shown = given.map(
    (content) => markup`<span class="reaction">${faces[content]} ${counts[content]}</span> `,
  );
  return markup`<footer>${shown}</footer>`;
}

/** A title, with what stands between backticks as code, as GitHub shows it. */
export function titleText(title: string): Html {
  const parts = title.split(/`([^`]+)`/);
  return markup`${parts.map((part, at) => (at % 2 === 1 ? markup`<code>${part}</code>` : part))}`;
}
