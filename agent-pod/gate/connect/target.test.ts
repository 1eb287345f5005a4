import { expect, test } from "vitest";

import { Refusal } from "../refusal.ts";
import { mayReach, nameIn } from "./target.ts";

test.each([
  ["registry.example.org:443", "registry.example.org"],
  ["Registry.EXAMPLE.org:443", "registry.example.org"],
  ["xn--bcher-kva.example:443", "xn--bcher-kva.example"],
  ["a-1.b--2.x9:443", "a-1.b--2.x9"],
])("%s names a host", (target, name) => {
  expect(nameIn(target)).toBe(name);
});

test.each([
  "",
  ":443",
  "registry.example.org",
  "registry.example.org:80",
  "registry.example.org:0443",
  "registry.example.org:443:443",
  "registry.example.org.:443",
  "registry..example.org:443",
  ".example.org:443",
  "-a.example.org:443",
  "a-.example.org:443",
  "a_b.example.org:443",
  "*.example.org:443",
  "localhost:443",
  "redis:443",
  "10.0.0.1:443",
  "127.1:443",
  "2130706433:443",
  "0x7f.0.0.1:443",
  "a.0x7f:443",
  "a.1:443",
  "[::1]:443",
  "::1:443",
  "[2606:4700::1111]:443",
  "b\u00fccher.example:443",
  "registry.example\u3002org:443",
  "registry.example.org%00.evil.example:443",
  "registry.example.org\0:443",
  "registry.example.org :443",
  "user@registry.example.org:443",
  "http://registry.example.org:443",
  "registry.example.org/:443",
  `${"a".repeat(64)}.example.org:443`,
  `${"a.".repeat(126)}org:443`,
])("%s names none", (target) => {
  expect(() => nameIn(target)).toThrow(Refusal);
});

test.each([
  ["registry.example.org", true],
  ["other.example.org", false],
  ["a.registry.example.org", false],
  ["example.org", false],
  ["a.example.com", true],
  ["a.b.example.com", true],
  ["example.com", false],
  ["evilexample.com", false],
  ["example.com.evil.org", false],
])("%s: %s", (name, may) => {
  expect(mayReach(["Registry.example.org", "*.example.com"], name)).toBe(may);
  expect(mayReach([], name)).toBe(false);
});
