import { setTimeout as sleep } from "node:timers/promises";

import { age, nextAlarm, turn } from "../test/harness/clock.ts";
import { busyWith } from "../test/harness/quiet.ts";
import type { Stage } from "../test/harness/stage.ts";

const POLL_MS = 10;
/** pino's level of errors. */
const ERROR = 50;
/** Between two questions something may have moved from one queue to another. */
const QUESTIONS = 3;
/** Without any alarm there is nothing to wait for but events. */
const FAR_MS = 3_600_000;

/**
 * Time that skips what nobody does anything in: the clock of the app, of the twin and of what Redis forgets. What is done
 * takes its real time, and what is due meanwhile happens meanwhile.
 */
export interface Simulation {
  /** `happens` at `time`, in milliseconds since 1970 by the stage's clock. */
  at(time: number, happens: () => Promise<void> | void): void;
  /** Nothing is skipped while this is under way. Its failure fails `until`. */
  during(work: Promise<unknown>): void;
  /** Goes on until `isDone`. Throws what failed, also in the app, or if that isn't so at `end`. */
  until(isDone: () => boolean, end: number): Promise<void>;
}

/** `stage` is asked for once things happen: what happens on it is told to the one that it is opened with. */
export function simulate(stage: () => Stage): Simulation {
  const events: { time: number; happens(): Promise<void> | void }[] = [];
  const underWay = new Set<Promise<unknown>>();
  const failures: unknown[] = [];
  const during = (work: Promise<unknown>) => {
    const watched = work
      .catch((error: unknown) => failures.push(error))
      .finally(() => underWay.delete(watched));
    underWay.add(watched);
  };
  const now = () => stage().clock.now().getTime();
  const isIdle = async () => {
    const arrived = await Promise.race([
      stage()
        .twin.idle()
        .then(() => true),
      sleep(POLL_MS, false),
    ]);
    return arrived && underWay.size === 0 && (await busyWith(stage())) === null;
  };
  const happen = () => {
    for (const event of events.filter(({ time }) => time <= now())) {
      events.splice(events.indexOf(event), 1);
      during(Promise.resolve(event.happens()));
    }
  };
  const skip = async (end: number) => {
    const { clock, queues, app } = stage();
    const next = [end, ...events.map(({ time }) => time)].map((time) => time - now());
    const ms = Math.max(1, Math.min(...next, (await nextAlarm(queues.alarm)) ?? FAR_MS));
    await turn(clock, queues.alarm, ms);
    await age(app.ports, ms);
  };
  const fail = (end: number) => {
    if (failures.length > 0) throw failures[0];
    const failed = stage().log.entries.find(({ level }) => level >= ERROR);
    if (failed) throw new Error(`The app failed: ${JSON.stringify(failed).slice(0, 1000)}`);
    if (now() >= end) throw new Error(`It isn't done in its time:\n${stage().log.tail(12)}`);
  };
  return {
    at: (time, happens) => void events.push({ time, happens }),
    during,
    async until(isDone, end) {
      for (let [idle, lines] = [0, -1]; !isDone();) {
        fail(end);
        happen();
        const { length } = stage().log.entries;
        idle = (await isIdle()) && lines === length ? idle + 1 : 0;
        lines = length;
        if (idle >= QUESTIONS) {
          await skip(end);
          idle = 0;
        }
        await sleep(POLL_MS);
      }
    },
  };
}
