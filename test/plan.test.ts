import { expect } from "vitest";

import { scenario } from "./harness/scenario.ts";

scenario(
  "a complex issue becomes an approved plan, two waves of tasks and one merged pull request",
  async (world) => {
    const { issue, pullOf, planner, crew, bot, ciOf, people, repository } = world;
    planner.plans({
      parser: { title: "Read hours", test: "`node --test`" },
      printer: [],
      docs: { after: ["parser", "printer"], title: "Tell of hours" },
    });
    await issue.isLabelled("agent", { by: people.maintainer });
    expect(issue.phase()).toBe("awaiting approval");
    bot.says(/^@mona Here is my plan: 3 tasks in 2 waves/, { on: issue.number });
    expect(issue.plan.text()).toMatch(
      /- \[ \] \*\*docs\*\*: Tell of hours<br><sub>small · after parser, printer/,
    );
    expect(crew.atWork(), "nothing starts before the approval").toEqual([]);
    expect(await repository.branches()).toEqual(["main"]);

    await issue.plan.getsThumbsUp({ by: people.maintainer });
    expect(issue.phase()).toBe("working");
    expect(issue.plan.text()).toContain("approved by **mona**");
    expect(crew.atWork()).toEqual(["parser", "printer"]);
    expect(crew.brief("parser")).toMatchObject({
      purpose: "implement",
      task: { id: "parser", title: "Read hours" },
      base: { branch: "agent/1/root" },
      branch: { name: "agent/1/parser", exists: false },
    });

    await crew.finishes("parser", { changes: { "parser.md": "Hours are read.\n" }, title: "Read hours" });
    expect(pullOf("parser").now()).toMatchObject({ base: "agent/1/root", draft: false, title: "Read hours" });
    expect(pullOf("root").exists()).toBe(false);
    await ciOf("parser").passes("test");
    expect(pullOf("parser").now().state).toBe("merged");
    expect(crew.atWork(), "the second wave waits for all of the first").toEqual(["printer"]);
    expect(pullOf("root").now()).toMatchObject({ title: "10m is read as 0", base: "main", draft: true });
    expect(pullOf("root").now().body).toMatch(
      /- \[x\] \*\*parser\*\*[^]*- \[ \] \*\*printer\*\*[^]*Closes #1/,
    );

    await crew.finishes("printer", { changes: { "printer.md": "Hours are printed.\n" } });
    await ciOf("printer").passes("test");
    expect(crew.atWork()).toEqual(["docs"]);
    expect(issue.plan.text()).toMatch(
      /- \[x\] \*\*parser\*\*[^]*- \[x\] \*\*printer\*\*[^]*- \[ \] \*\*docs\*\*/,
    );
    await crew.finishes("docs", { changes: { "docs.md": "10h\n" } });
    expect(await repository.file("parser.md", "agent/1/docs"), "it started from the root branch").toContain(
      "read",
    );
    await ciOf("docs").passes("test");
    await ciOf("root").passes("test");
    expect(issue.phase()).toBe("in review");
    expect(pullOf("root").now()).toMatchObject({ draft: false, reviewers: ["mona"] });

    await pullOf("root").isMerged({ by: people.maintainer });
    expect(issue.phase()).toBe("done");
    expect(issue.isOpen()).toBe(false);
    expect(await repository.branches()).toEqual(["main"]);
    expect(await repository.file("printer.md", "main")).toContain("printed");
  },
);
