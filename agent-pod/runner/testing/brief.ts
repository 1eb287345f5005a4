import type { Brief } from "../../contract/brief.ts";

/** A brief to mend the demo repository, from the commit `base`; `changes` go over it. */
export function demoBrief(base: string, changes: Partial<Brief> = {}): Brief {
  return {
    run: "demo-12-add-implement-1",
    purpose: "implement",
    repository: { id: 1, owner: "octo", name: "demo" },
    issue: { number: 12, title: "add subtracts", body: "`add(1, 2)` is -1." },
    task: { id: "add", title: "Make add add", body: "It must return the sum." },
    base: { branch: "main", sha: base },
    branch: { name: "agent/12/add", exists: false },
    feedback: [],
    quotes: [],
    setup: [],
    test: null,
    verify: false,
    hosts: [],
    agent: { preset: "opencode", model: "scripted" },
    limits: { minutes: 5, tokens: 100_000 },
    author: { name: "coxswain[bot]", email: "1+coxswain[bot]@users.noreply.github.com" },
    coAuthor: { name: "Mona", email: "mona@example.com" },
    ...changes,
  };
}
