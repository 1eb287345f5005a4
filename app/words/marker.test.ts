import { describe, expect, test } from "vitest";

import { marker, readMarker } from "./marker.ts";

describe("marker", () => {
  test("is hidden, and read again", () => {
    const body = `${marker(7, "answer:cx-12-fix-1:rc9")}\nDone.`;
    expect(body).toBe("<!-- coxswain:7:answer:cx-12-fix-1:rc9 -->\nDone.");
    expect(readMarker(7, body)).toBe("answer:cx-12-fix-1:rc9");
  });

  test.each(["", "a b", "a>b", "a\nb"])("refuses the key %j", (key) => {
    expect(() => marker(7, key)).toThrow("can't be the key");
  });

  test.each([
    ["another app's", "<!-- coxswain:8:status -->"],
    ["another app's whose id begins alike", "<!-- coxswain:77:status -->"],
    ["one that is quoted", "> <!-- coxswain:7:status -->"],
    ["one further down", "Look:\n<!-- coxswain:7:status -->"],
    ["one with an empty key", "<!-- coxswain:7: -->"],
    ["none", "Hello"],
  ])("doesn't read %s", (_, body) => {
    expect(readMarker(7, body)).toBeNull();
  });
});
