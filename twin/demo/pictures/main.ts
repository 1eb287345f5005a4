import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { findBrowser, installBrowser, openCamera } from "../../web/camera.ts";
import type { Camera, Frame } from "../../web/camera.ts";
import { setStage } from "./stage.ts";
import type { Stage } from "./stage.ts";

/** The README is read on slow lines too. */
const MOST_BYTES = 200_000;
/** Pixels for each of the page's: as sharp as fits. */
const SHARPNESS = [2, 1.5, 1];

const root = join(import.meta.dirname, "../../..");
const folder = join(root, "docs/pictures");

interface Picture {
  name: string;
  of: "issue" | "pull";
  frame: Omit<Frame, "sharpness">;
}

const pictures: readonly Picture[] = [
  { name: "plan", of: "issue", frame: { width: 920, part: "article:nth-of-type(2)" } },
  { name: "plan-phone", of: "issue", frame: { width: 390, part: "article:nth-of-type(2)" } },
  { name: "plan-dark", of: "issue", frame: { width: 920, dark: true, part: "article:nth-of-type(2)" } },
  { name: "root-pull-request", of: "pull", frame: { width: 920, part: "article" } },
];

if (!findBrowser()) installBrowser();
const stage = await setStage();
const camera = await openCamera();
try {
  mkdirSync(folder, { recursive: true });
  for (const picture of pictures) await take(camera, stage, picture);
} finally {
  await camera.close();
  await stage.twin.close();
}

async function take(camera: Camera, stage: Stage, { name, of, frame }: Picture): Promise<void> {
  const file = join(folder, `${name}.png`);
  for (const sharpness of SHARPNESS) {
    const png = await camera.shoot(stage[of], { ...frame, sharpness });
    if (png.length > MOST_BYTES) continue;
    writeFileSync(file, png);
    process.stdout.write(`${relative(root, file)}: ${Math.ceil(png.length / 1000)} kB\n`);
    return;
  }
  throw new Error(`${name} is too large for a picture of ${MOST_BYTES} bytes: show less of the page.`);
}
