import { randomInt, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { App, Delivery, Installation } from "../model.ts";
import { organization, simpleUser } from "../payloads/account.ts";
import { simpleInstallation } from "../payloads/app.ts";
import { repositoryPayload } from "../payloads/repository.ts";
import { accountOf } from "../store.ts";
import type { Occurrence, World } from "../world.ts";
import { send } from "./send.ts";
import type { Parcel } from "./send.ts";
import { isAboutInstallation, subscribers } from "./subscriptions.ts";

/** The way out for webhooks. */
export interface PostOffice {
  /** Tells every app that subscribes to it; returns at once. */
  emit: (told: Occurrence) => void;
  /** Sends a delivery again, with its old id. */
  redeliver: (delivery: Delivery) => void;
  /** Resolves when nothing is under way. */
  idle: () => Promise<void>;
  /** Drops what is under way. */
  close: () => Promise<void>;
}

/** Opens a post office for a world. What it sends is written into the delivery log. */
export function openPostOffice(world: World): PostOffice {
  const underWay = new Set<Promise<void>>();
  const closing = new AbortController();
  const launch = (app: App, parcel: Parcel) => {
    const sending = dispatch(world, app, parcel, closing.signal).finally(() => underWay.delete(sending));
    underWay.add(sending);
  };
  const idle = async () => {
    while (underWay.size > 0) await Promise.all(underWay);
  };
  return {
    emit: (told) => {
      world.changed();
      for (const { app, parcel } of parcels(world, told)) {
        launch(app, parcel);
        if (world.faults.doubleDeliveries) launch(app, parcel);
      }
    },
    redeliver: (delivery) => {
      const { guid, event, action, installationId, repositoryId, request } = delivery;
      const payload = request.payload;
      const app = world.state.apps.rows.get(delivery.appId)!;
      launch(app, { guid, event, action, installationId, repositoryId, payload, redelivery: true });
    },
    idle,
    close: async () => {
      closing.abort();
      await idle();
    },
  };
}

async function dispatch(world: World, app: App, parcel: Parcel, signal: AbortSignal): Promise<void> {
  const { holdBackUpToMs } = world.faults;
  if (holdBackUpToMs > 0) await sleep(randomInt(holdBackUpToMs + 1), undefined, { signal }).catch(() => {});
  if (signal.aborted) return;
  await send(world, app, parcel, signal);
}

function parcels(world: World, told: Occurrence): { app: App; parcel: Parcel }[] {
  if (world.faults.loseDeliveries(told.event, told.action)) return [];
  const guid = randomUUID();
  const to = recipients(world, told);
  if (to.length === 0) return [];
  const shared = payloadOf(world, told);
  return to.map(({ app, installation }) => ({
    app,
    parcel: {
      guid,
      event: told.event,
      action: told.action,
      installationId: installation?.id ?? null,
      repositoryId: told.repository?.id ?? null,
      redelivery: false,
      payload: { ...shared, ...(installation ? { installation: simpleInstallation(installation) } : {}) },
    },
  }));
}

function recipients(world: World, told: Occurrence): { app: App; installation?: Installation }[] {
  const apps = world.state.apps.rows;
  // Their payload carries the whole installation by itself.
  if (isAboutInstallation(told.event)) return [{ app: apps.get(told.onlyAppId!)! }];
  return subscribers(world, told).map((installation) => ({
    app: apps.get(installation.appId)!,
    installation,
  }));
}

function payloadOf(world: World, told: Occurrence): Record<string, unknown> {
  const { repository } = told;
  const owner = repository && accountOf(world.state, repository.ownerId);
  return {
    ...(told.action === null ? {} : { action: told.action }),
    ...told.body,
    ...(repository ? { repository: repositoryPayload(world, repository) } : {}),
    ...(owner?.type === "Organization" ? { organization: organization(world, owner) } : {}),
    sender: simpleUser(world, told.sender),
  };
}
