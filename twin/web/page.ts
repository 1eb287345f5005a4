import type { Answer } from "../http.ts";
import type { Repository } from "../model.ts";
import { fullName } from "../store.ts";
import type { World } from "../world.ts";
import { repositoryAddress } from "./address.ts";
import { markup } from "./markup.ts";
import type { Html } from "./markup.ts";

/** Labels and drawings bring styles of their own; nothing else comes from anywhere, and no script but the twin's. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** A whole page. */
export function page(title: string, body: Html, status = 200): Answer {
  const { text } = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/_web/markdown.css">
<link rel="stylesheet" href="/_web/style.css">
<script src="/_web/mermaid.js" defer></script>
<script src="/_web/draw.js" type="module"></script>
</head>
<body class="markdown-body">
${body}
</body>
</html>
`;
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": policy,
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  };
  return { status, headers, body: text };
}

/** A page of a repository, below its name and its tabs. */
export function repositoryPage(
  world: World,
  repository: Repository,
  { title, body }: { title: string; body: Html },
): Answer {
  const name = fullName(world.state, repository);
  const address = repositoryAddress(world, repository);
  const shown = markup`<nav><b>${name.replace("/", " / ")}</b>
${repository.private ? markup`<span class="badge">Private</span>` : null}
<a href="${address}/issues">Issues</a> <a href="${address}/pulls">Pull requests</a></nav>
<main>${body}</main>`;
  return page(`${title} · ${name}`, shown);
}
