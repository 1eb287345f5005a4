import { expect, test } from "vitest";

import { setStage, withToken } from "./stage.ts";

test("refuses the 81st write within a minute with 429, and takes reads and later ones", async () => {
  const { twin, world, at, people, close } = await setStage();
  try {
    const { issues } = withToken(twin, people.mona.token);
    const open = () => issues.create({ ...at, title: "One more" });
    world.faults.secondaryLimits = true;
    for (let count = 0; count < 80; count++) await open();
    await expect(open()).rejects.toMatchObject({ status: 429, message: /secondary rate limit/ });
    await expect(issues.listForRepo(at)).resolves.toMatchObject({ status: 200 });
    twin.advance(60_000);
    await expect(open()).resolves.toMatchObject({ status: 201 });
  } finally {
    await close();
  }
});

test("refuses the 501st write within an hour", async () => {
  const { twin, world, at, people, close } = await setStage();
  try {
    const { issues } = withToken(twin, people.mona.token);
    const { data } = await issues.create({ ...at, title: "One" });
    const edit = () => issues.update({ ...at, issue_number: data.number, title: "Another" });
    world.faults.secondaryLimits = true;
    for (let count = 0; count < 500; count++) {
      if (count % 80 === 0) twin.advance(60_000);
      await edit();
    }
    twin.advance(60_000);
    await expect(edit()).rejects.toMatchObject({ status: 429 });
  } finally {
    await close();
  }
});

test("refuses more than 900 points of reads within a minute, but not another person's", async () => {
  const { twin, world, people, close } = await setStage();
  try {
    const [mona, rita] = [people.mona, people.rita].map(({ token }) => withToken(twin, token));
    world.faults.secondaryLimits = true;
    for (let count = 0; count < 900; count++) await mona!.users.getAuthenticated();
    await expect(mona!.users.getAuthenticated()).rejects.toMatchObject({ status: 429 });
    await expect(rita!.users.getAuthenticated()).resolves.toMatchObject({ status: 200 });
  } finally {
    await close();
  }
});
