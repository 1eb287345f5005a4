import type { KubernetesSettings } from "./kubernetes.ts";
import type { Settings } from "./schema.ts";

/** What a repository's settings may choose among, by name; null: there is nothing to choose, agents run on the app's machine. */
export type Choices = { images: string[]; sizes: string[] } | null;

/** What the app has to choose among. */
export const choicesOf = (kubernetes: KubernetesSettings | null): Choices =>
  kubernetes && { images: Object.keys(kubernetes.images), sizes: Object.keys(kubernetes.sizes) };

/** Names in `settings` that can't be chosen, each with what is the matter. */
export function wrongChoices(
  { image, size }: Pick<Settings, "image" | "size">,
  choices: Choices,
): { key: "image" | "size"; say: string }[] {
  const asked = [
    { key: "image" as const, name: image, names: choices?.images, where: "AGENT_IMAGES" },
    { key: "size" as const, name: size, names: choices?.sizes, where: "AGENT_SIZES" },
  ];
  return asked.flatMap(({ key, name, names, where }) => {
    if (name === null || names?.includes(name)) return [];
    if (!names)
      return { key, say: `\`${key}\` can't be chosen where agents run on the app's own machine; remove it` };
    if (names.length === 0)
      return { key, say: `\`${key}\` can't be chosen, since the app names none (\`${where}\`); remove it` };
    const known = names.map((each) => `\`${each}\``).join(", ");
    return { key, say: `\`${key}\` must be one of ${known}, or \`null\` for the app's default` };
  });
}
