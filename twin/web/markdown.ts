import rehypeRaw from "rehype-raw";
import rehypeSanitize from "rehype-sanitize";
import rehypeStringify from "rehype-stringify";
import remarkBreaks from "remark-breaks";
import remarkGfm from "remark-gfm";
import remarkGithub from "remark-github";
import type { BuildUrlValues } from "remark-github";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { unified } from "unified";
import { accountByLogin, fullName, issueByNumber, repositoryByName } from "../store.ts";
import { canSee } from "../viewer.ts";
import { issueAddress } from "./address.ts";
import type { Place } from "./address.ts";
import { markup, trusted } from "./markup.ts";
import type { Html } from "./markup.ts";

/**
 * Markdown as GitHub shows it in comments: GFM (https://github.github.com/gfm/), a line's end as a line's end, mentions and
 * references as links, and raw HTML as far as GitHub lets it through (the sanitiser's own rules are GitHub's:
 * https://github.com/gjtorikian/html-pipeline/blob/main/lib/html_pipeline/sanitization_filter.rb).
 */
export function markdown(place: Place, text: string): Html {
  try {
    return trusted(String(processorFor(place).processSync(text)));
  } catch (error) {
    // What is nested some thousand times deep is more than the parser takes, and nobody could read it.
    if (error instanceof RangeError) return markup`<pre>${text}</pre>`;
    throw error;
  }
}

function processorFor(place: Place) {
  return unified()
    .use(remarkParse)
    .use(remarkGfm)
    .use(remarkBreaks)
    .use(remarkGithub, {
      repository: fullName(place.world.state, place.repository),
      mentionStrong: false,
      buildUrl: (values) => addressFor(place, values),
    })
    .use(remarkRehype, { allowDangerousHtml: true })
    .use(rehypeRaw)
    .use(rehypeSanitize)
    .use(rehypeStringify);
}

/** Where a mention or a reference leads; false where GitHub sees none: nobody has that name, or nothing that number. */
function addressFor({ world, viewer }: Place, values: BuildUrlValues): string | false {
  const { state } = world;
  switch (values.type) {
    case "mention":
      return accountByLogin(state, values.user) ? `/${values.user}` : false;
    case "issue": {
      const repository = repositoryByName(state, values.user, values.project);
      if (!repository || !canSee(viewer, repository)) return false;
      const issue = issueByNumber(state, repository.id, Number(values.no));
      return issue ? issueAddress(world, issue) : false;
    }
    case "commit":
    case "compare":
      // The twin has no pages of commits.
      return false;
  }
}
