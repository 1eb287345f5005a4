import { z } from "zod";

import { commands } from "../commands/index.ts";
import { SETTINGS_PATH } from "./repository.ts";
import { Settings } from "./schema.ts";

const GENERATED = "<!-- Written by `npm run generate`. -->";

/** The generated pages below `docs/reference/`, by file name. */
export function referencePages(): Record<string, string> {
  return {
    "settings.md": settingsPage(),
    "coxswain.schema.json": `${JSON.stringify({ title: SETTINGS_PATH, ...z.toJSONSchema(Settings, { io: "input" }) }, null, 2)}\n`,
    "commands.md": commandsPage(),
  };
}

function settingsPage(): string {
  return `${GENERATED}
# Settings of a repository

They stand in \`${SETTINGS_PATH}\` on the default branch; without that file the defaults count. An unknown key, or a value
that can't be, stops the work and is said in the issue, with its line. For help in an editor, put this line first, with the
address of [the schema](coxswain.schema.json):

\`\`\`yaml
# yaml-language-server: $schema=<address of coxswain.schema.json>
\`\`\`

${table(Settings.shape)}

## \`limits\`

${table(Settings.shape.limits.unwrap().shape)}
`;
}

function table(shape: Record<string, z.ZodType>): string {
  const rows = Object.entries(shape).map(([key, setting]) => {
    const { default: preset, description = "" } = z.toJSONSchema(setting, { io: "input" });
    const shown = JSON.stringify(preset) === "{}" ? "see below" : `\`${JSON.stringify(preset)}\``;
    return `| \`${key}\` | ${description} | ${mustBe(setting)} | ${shown} |`;
  });
  return ["| key | what it says | what it must be | default |", "| --- | --- | --- | --- |", ...rows].join(
    "\n",
  );
}

/** What the error would say of a value that no setting takes. */
function mustBe(setting: z.ZodType): string {
  const message = setting.safeParse(false).error?.issues[0]?.message ?? "";
  return setting.safeParse(null).success ? `${message}, or \`null\`` : message;
}

function commandsPage(): string {
  const sections = commands.map(
    ({ grammar, help, who, examples }) =>
      `## \`${grammar}\`\n\n${help} It takes the permission \`${who}\`.\n\n${examples.map((example) => `\`\`\`\n${example}\n\`\`\``).join("\n\n")}\n`,
  );
  return `${GENERATED}
# Commands

In a comment on an issue or a pull request, at the start of a line, outside code and quotes. Several may stand in one comment.
👀 and then 🚀 show that one was taken; 😕 and a sentence, that it couldn't be.

${sections.join("\n")}`;
}
