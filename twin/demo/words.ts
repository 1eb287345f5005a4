/** What people say in the story, and what the scripted model looks for in what it is sent. */
export const ISSUE = {
  symptom: 'parseDuration("10m")',
  title: "10m is read as 0 minutes",
  body: 'What happens: `parseDuration("10m")` gives 0, and `parseDuration("1h30m")` gives 3600.\n\nWhat I expect: 600 and 5400.',
};

/** Printed by the sample's `scripts/changelog.js`. */
export const CHANGELOG_COMPLAINT = 'no entry under "Unreleased"';

export const FIX = {
  title: "Read all digits of an amount",
  command: `sed -i 's/(\\\\d)(\\[hms\\])/(\\\\d+)([hms])/' src/duration.js && cat >> test/duration.test.js <<'EOF'

test("amounts of several digits", () => {
  assert.equal(parseDuration("10m"), 600);
  assert.equal(parseDuration("1h30m"), 5400);
});
EOF`,
};

export const REVIEW = {
  refuse:
    'What does `parseDuration("1h x")` give now? It should refuse what it cannot read, with a RangeError.',
  why: "Why 10 and not 90 in this test?",
  command: `cat > src/duration.js <<'EOF'
const UNITS = { h: 3600, m: 60, s: 1 };

/**
 * The seconds in a duration like \`1h30m\`, \`90s\` or \`2h\`.
 *
 * @param {string} text
 * @returns {number}
 * @throws {RangeError} if the text is anything else
 */
export function parseDuration(text) {
  if (!/^(\\d+[hms])+$/.test(text)) throw new RangeError(\`"\${text}" is no duration\`);
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/(\\d+)([hms])/g)) {
    seconds += Number(amount) * UNITS[unit];
  }
  return seconds;
}
EOF
cat >> test/duration.test.js <<'EOF'

test("what is no duration", () => {
  assert.throws(() => parseDuration("1h x"), RangeError);
});
EOF`,
};
