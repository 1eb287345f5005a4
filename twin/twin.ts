import { mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { ApiCall } from "./calls.ts";
import { openPostOffice } from "./hooks/post.ts";
import { loadState, saveInto } from "./persist.ts";
import { serve } from "./server.ts";
import { noFaults } from "./world.ts";
import type { Faults, World } from "./world.ts";

/** A running local GitHub. What sets it up is in `setup/`; what happens in it is in `acts/`, by anybody's `Viewer`. */
export interface Twin {
  world: World;
  /** What is broken on purpose: the world's own. */
  faults: Faults;
  /** Every API request since the start, or since it was emptied (`calls.length = 0`). */
  calls: ApiCall[];
  /** Lets GitHub's clock go on by so many milliseconds. */
  advance: (ms: number) => void;
  /** Resolves when no webhook is under way. */
  idle: () => Promise<void>;
  /** Ends it. A folder of its own is removed, one that was given keeps the state. */
  close: () => Promise<void>;
}

export interface TwinOptions {
  /** Any if it isn't given. */
  port?: number;
  /** Where its state is, and is read from if there is some. */
  dir?: string;
  /** The address that it listens on: of this machine alone, if it isn't given. */
  host?: string;
  /** What others call it, where that isn't the address that it listens on: `http://twin.github:8080`. */
  url?: string;
}

/** Starts a local GitHub. */
export async function startTwin({ port = 0, dir, host = "127.0.0.1", url }: TwinOptions = {}): Promise<Twin> {
  const home = dir === undefined ? mkdtempSync(join(tmpdir(), "twin-")) : resolve(dir);
  const state = loadState(home);
  // What is removed at the end needs no saving.
  const saver = dir === undefined ? undefined : saveInto(home, state);
  let ahead = 0;
  const world: World = {
    state,
    dir: home,
    urls: { web: "", api: "" },
    now: () => Date.now() + ahead,
    faults: noFaults(),
    emit: (told) => office.emit(told),
    redeliver: (delivery) => office.redeliver(delivery),
    changed: () => saver?.changed(),
  };
  const office = openPostOffice(world);
  const twin: Twin = {
    world,
    faults: world.faults,
    calls: [],
    advance: (ms) => void (ahead += ms),
    idle: office.idle,
    close: async () => {
      await stop(server);
      await office.close();
      saver?.flush();
      if (dir === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
  const server = serve(twin);
  await new Promise<void>((listening, failed) => {
    server.once("error", failed);
    server.listen(port, host, listening);
  });
  const web = url ?? `http://${host}:${(server.address() as AddressInfo).port}`;
  world.urls = { web, api: `${web}/api/v3` };
  return twin;
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((closed, failed) => server.close((error) => (error ? failed(error) : closed())));
}
