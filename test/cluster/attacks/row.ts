import type { Attack } from "../pods/attack.ts";
import type { Line } from "./gateLog.ts";
import type { Scene } from "./scene.ts";

/** One attack that the gate hears of: what it does, what comes of it, and what the gate's log says. */
export interface Row {
  name: string;
  attack: (scene: Scene) => Attack;
  /** What is told to the attacker. */
  got: RegExp;
  line: (scene: Scene) => Line;
}

/** The attacks of rows, by name. */
export const attacksOf = (
  rows: readonly Pick<Row, "name" | "attack">[],
  scene: Scene,
): Record<string, Attack> => Object.fromEntries(rows.map(({ name, attack }) => [name, attack(scene)]));
