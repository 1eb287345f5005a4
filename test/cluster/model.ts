import { forward } from "./forward.ts";
import { apply } from "./kubectl.ts";
import { addressesOf, podAndService } from "./props.ts";

/** The scripted model, as a pod (`pods/model.ts`). */
export interface Model {
  /** As pods reach it: `LLM_API_URL`. */
  url: string;
  addresses: string[];
  /** Keeps back the answers to an agent whose prompt holds this text, from its first step on, or a later one. */
  hold(text: string, from?: number): Promise<void>;
  release(text: string): Promise<void>;
  /** Has the last words of its answer to such an agent come slowly: over half a minute. */
  speakSlowly(text: string): Promise<void>;
  /** The agents' requests whose prompts hold this text: how many results of tools each brought. */
  askedBy(text: string): Promise<number[]>;
  close(): void;
}

export async function startModel(namespace: string): Promise<Model> {
  const args = ["test/cluster/pods/model.ts"];
  await apply(...podAndService({ namespace, name: "model", args, ports: [8080, 8081] }));
  const addresses = await addressesOf(namespace, "model");
  const way = await forward(namespace, "model", 8081);
  const tell = async (method: string, path: string, text: string, from = 0): Promise<Response> => {
    const about = new URLSearchParams({ of: text, from: String(from) });
    const answer = await fetch(`${way.url}${path}?${about.toString()}`, { method });
    if (!answer.ok) throw new Error(`The model's ${method} ${path}: ${answer.status}`);
    return answer;
  };
  return {
    url: `http://model.${namespace}:8080/v1`,
    addresses,
    hold: async (text, from) => void (await tell("PUT", "/hold", text, from)),
    release: async (text) => void (await tell("DELETE", "/hold", text)),
    speakSlowly: async (text) => void (await tell("PUT", "/slow", text)),
    askedBy: async (text) => {
      const asked = (await (await tell("GET", "/asked", text)).json()) as Asked[];
      const theirs = asked.filter(({ by, prompt }) => by === "agent" && prompt.includes(text));
      return theirs.map(({ results }) => results);
    },
    close: () => way.close(),
  };
}

interface Asked {
  by: "planner" | "agent";
  prompt: string;
  results: number;
}
