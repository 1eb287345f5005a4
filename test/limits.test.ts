import { expect } from "vitest";

import { scenario } from "./harness/scenario.ts";
import { becomesReady } from "./steps.ts";

scenario(
  "a pull request gets its rounds, and no more before a person says so",
  { settings: "limits:\n  rounds: 1\n" },
  async (world) => {
    const { issue, pull, crew, ci, bot, people } = world;
    await becomesReady(world);
    await pull.isReviewed({ event: "REQUEST_CHANGES", body: "Shorter!" }, { by: people.maintainer });
    await crew.finishes("digits", { answers: { Shorter: "Shorter." } });
    bot.says("Shorter.");
    await ci.passes("test");
    await pull.isReviewed({ event: "REQUEST_CHANGES", body: "Longer!" }, { by: people.maintainer });
    expect(issue.phase()).toBe("blocked");
    expect(crew.atWork()).toEqual([]);
    bot.says(/@mona The pull request has had its 1 round of follow-ups[^]*`limits\.rounds`/, {
      on: issue.number,
    });
    await issue.getsComment("/agent retry", { by: people.maintainer });
    expect(crew.brief().feedback).toMatchObject([{ text: "Longer!" }]);
  },
);

scenario(
  "an issue gets its tokens, and no more before a person says so",
  { settings: "limits:\n  tokens: 1000\n" },
  async (world) => {
    const { issue, pull, crew, ci, bot, people } = world;
    await issue.isLabelled("agent", { by: people.maintainer });
    await crew.finishes("digits", { tokens: 1234 });
    expect(pull.now().state, "what is done is shown all the same").toBe("open");
    await ci.passes("test");
    expect(issue.phase()).toBe("in review");
    expect(bot.status()).toContain("Tokens: 1,234 of 1,000");
    await pull.isReviewed({ event: "REQUEST_CHANGES", body: "Shorter!" }, { by: people.maintainer });
    expect(issue.phase()).toBe("blocked");
    expect(crew.atWork()).toEqual([]);
    bot.says(/@mona This issue has used 1,234 tokens of the 1,000[^]*`limits\.tokens`/);
    await issue.getsComment("/agent retry", { by: people.maintainer });
    expect(crew.atWork()).toEqual(["digits"]);
    await crew.finishes("digits", { tokens: 100, answers: { Shorter: "Shorter." } });
    bot.says("Shorter.");
  },
);

scenario(
  "one attempt is enough where the settings say so",
  { settings: "limits:\n  attempts: 1\n" },
  async (world) => {
    const { issue, crew, bot, people } = world;
    await issue.isLabelled("agent", { by: people.maintainer });
    await crew.crashes("digits");
    expect(issue.phase()).toBe("blocked");
    bot.says("It failed:\n\n> It ended without an outcome.");
  },
);
