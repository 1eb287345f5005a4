import type { Plan } from "../../../app/plan/plan.ts";

/** What people say in the story of a plan, and what the scripted model looks for in what it is sent. */
export const ISSUE = {
  symptom: "`3900` is `1h5m`",
  title: "Tell me how to brew my tea, and when",
  body: `teatime reads durations, and that is all. I'd like

- to have durations printed as people write them: \`3900\` is \`1h5m\`
- the teas that we drink here, with how long each brews
- a card for a tea, which says that in a line
- a timetable for several pots, so that all are ready at the same moment
- a command for both: \`teatime card green\`, \`teatime timetable green black\``,
};

/** What the model plans: five tasks in three waves. It would scald the green tea. */
export const PLAN: Plan = {
  summary:
    "Durations are printed, and the teas are known; from these two a card and a timetable are made, and a command shows both. Each is of use by itself.",
  tasks: [
    {
      id: "print-durations",
      title: "Print durations as people write them",
      after: [],
      size: "small",
      files: ["src/print.js", "src/index.js", "test/print.test.js"],
      body: "Add `printDuration(seconds)` in src/print.js, the inverse of `parseDuration`:\n3900 gives `1h5m`, 90 gives `1m30s`, 0 gives `0s`.\nExport it from src/index.js.",
      test: "node --test, with the three examples",
    },
    {
      id: "teas",
      title: "Know the teas, and how long each brews",
      after: [],
      size: "small",
      files: ["src/teas.js", "src/index.js", "test/teas.test.js"],
      body: "Add `teas` in src/teas.js: `{ name: { seconds, celsius } }`.\n- black: 4 minutes at 95 °C\n- green: 4 minutes at 95 °C\n- rooibos: 6 minutes at 100 °C\nExport it from src/index.js.",
      test: "node --test, with the seconds of each tea",
    },
    {
      id: "brew-card",
      title: "Make a card for a tea",
      after: ["print-durations", "teas"],
      size: "small",
      files: ["src/card.js", "src/index.js", "test/card.test.js"],
      body: "Add `brewCard(name)` in src/card.js, with `printDuration` and `teas`: `rooibos: 6m at 100 °C`.\nA RangeError for what is no tea. Export it from src/index.js.",
      test: "node --test, with the card of green tea",
    },
    {
      id: "timetable",
      title: "Make a timetable for several pots",
      after: ["teas"],
      size: "medium",
      files: ["src/timetable.js", "src/index.js", "test/timetable.test.js"],
      body: "Add `timetable(names)` in src/timetable.js, with `teas`: `[{ name, start }]`, in seconds and in order, so that all pots are ready at the same moment.\nA RangeError for what is no tea. Export it from src/index.js.",
      test: "node --test, with two pots",
    },
    {
      id: "command",
      title: "Show both on the command line",
      after: ["brew-card", "timetable"],
      size: "small",
      files: ["bin/teatime.js", "test/command.test.js"],
      body: "Add bin/teatime.js: `teatime card <tea>…` prints a card a line, `teatime timetable <tea>…` the starts, as `printDuration` prints them, and the teas.\nAnything else prints the usage, and ends with 2.",
      test: "node --test, which runs the command",
    },
  ],
};

/** What the maintainer changes in the plan's YAML: nobody boils green tea. */
export const EDIT = {
  title: {
    from: "Know the teas, and how long each brews",
    to: "Know the teas, how long each brews and how hot",
  },
  body: { from: "green: 4 minutes at 95 °C", to: "green: 2 minutes at 75 °C" },
};
