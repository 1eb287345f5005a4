import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { launch } from "puppeteer-core";
import type { Browser } from "puppeteer-core";

/** A picture's frame: how wide the page is, and in which of GitHub's two looks. */
export interface Frame {
  /** CSS pixels. */
  width: number;
  dark?: boolean;
  /** Pixels of the picture for each of the page's. */
  sharpness: number;
  /** The part of the page that is shown, as a CSS selector; without one it is all of it. */
  part?: string;
}

/** A browser without a window. */
export interface Camera {
  /** A page as it looks once its drawings are there, as a PNG. */
  shoot: (url: string, frame: Frame) => Promise<Uint8Array>;
  close: () => Promise<void>;
}

const browsers = ["chromium-headless-shell", "chromium", "google-chrome"];
const patienceMs = 30_000;

/** Opens a camera. @throws if there is no browser on this machine */
export async function openCamera(): Promise<Camera> {
  const browser = await launch({
    executablePath: findBrowser() ?? noBrowser(),
    // The twin's pages come from this machine. Chromium's sandbox doesn't start as root.
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  return {
    shoot: (url, frame) => shoot(browser, url, frame),
    close: () => browser.close(),
  };
}

/** Where this machine's browser is, or null. */
export function findBrowser(): string | null {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return browsers.flatMap((name) => folders.map((folder) => join(folder, name))).find(canRun) ?? null;
}

/** Installs Debian's browser where that can be done without asking: as root, where there is apt. */
export function installBrowser(): void {
  if (process.getuid?.() !== 0 || !canRun("/usr/bin/apt-get")) noBrowser();
  const packages = ["chromium-headless-shell", "fonts-liberation", "fonts-noto-color-emoji"];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  execFileSync("apt-get", ["update", "-qq"], { env, stdio: ["ignore", "ignore", "inherit"] });
  execFileSync("apt-get", ["install", "-qq", "-y", "--no-install-recommends", ...packages], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

function noBrowser(): never {
  throw new Error(
    `Pictures need a browser: install Debian's chromium-headless-shell, or one of ${browsers.join(", ")}.`,
  );
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function shoot(
  browser: Browser,
  url: string,
  { width, sharpness, dark = false, part }: Frame,
): Promise<Uint8Array> {
  const page = await browser.newPage();
  try {
    await page.setViewport({ width, height: 800, deviceScaleFactor: sharpness });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }]);
    await page.goto(url);
    await page.waitForSelector("html[data-drawn]", { timeout: patienceMs });
    const element = await page.$(part ?? "body");
    if (!element) throw new Error(`${url} has no ${part}`);
    return await element.screenshot({ type: "png" });
  } finally {
    await page.close();
  }
}
