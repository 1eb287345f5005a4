import { expect, test } from "vitest";

import { mayRunHere } from "./may-run-here.ts";

test.each(["http://localhost:3000", "http://127.0.0.1:8080", "http://[::1]:8080", "http://twin.localhost"])(
  "%s is on this machine: processes may run",
  (serverUrl) => {
    expect(mayRunHere({ serverUrl, unsafe: false })).toBeNull();
  },
);

test("elsewhere they may only run where someone said so", () => {
  expect(mayRunHere({ serverUrl: "https://github.com", unsafe: false })).toMatchInlineSnapshot(
    `"Agents would run as plain processes of this machine on the repositories of github.com: with an open network and little between them and your files. Use Kubernetes, or, if you trust everyone who can write to those repositories, set COXSWAIN_UNSAFE_PROCESS=1."`,
  );
  expect(mayRunHere({ serverUrl: "https://127.0.0.1.example.com", unsafe: false })).toContain(
    "COXSWAIN_UNSAFE_PROCESS=1",
  );
  expect(mayRunHere({ serverUrl: "https://github.com", unsafe: true })).toBeNull();
});
