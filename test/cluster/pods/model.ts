import { createServer } from "node:http";

import { startModel } from "../../../twin/demo/model.ts";
import type { Asked } from "../../../twin/demo/model.ts";
import { script } from "./script.ts";

/**
 * The scripted model as a pod: port 8080 answers as OpenAI does, port 8081 is for tests. There `PUT /hold?of=TEXT` keeps
 * the answers to an agent whose prompt holds that text, from its `from`-th step on, until `DELETE /hold?of=TEXT`;
 * `PUT /slow?of=TEXT` makes its last words come slowly; `GET /asked` tells what was asked.
 */
const held = new Map<string, PromiseWithResolvers<void> & { from: number }>();
const slow = new Set<string>();
const asked: { by: string; prompt: string; results: number }[] = [];

const isAbout = (about: Asked, text: string): boolean => about.by === "agent" && about.prompt.includes(text);

await startModel(
  async (about) => {
    asked.push({ by: about.by, prompt: about.prompt, results: about.results.length });
    for (const [text, { from, promise }] of held)
      if (isAbout(about, text) && about.results.length >= from) await promise;
    return script(about);
  },
  {
    listen: { host: "0.0.0.0", port: 8080 },
    slow: (about) => about.results.length > 0 && [...slow].some((text) => isAbout(about, text)),
  },
);

createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://model");
  const text = searchParams.get("of") ?? "";
  switch (`${request.method} ${pathname}`) {
    case "PUT /hold":
      held.set(text, { ...Promise.withResolvers<void>(), from: Number(searchParams.get("from")) });
      break;
    case "DELETE /hold":
      held.get(text)?.resolve();
      held.delete(text);
      break;
    case "PUT /slow":
      slow.add(text);
      break;
    case "GET /asked":
      break;
    default:
      response.writeHead(404);
  }
  response.end(JSON.stringify(asked));
}).listen(8081, "0.0.0.0");
