import { agoWords, durationWords, untilWords } from './durations.ts';

it.each([
  [0, '0 s'],
  [0.4, '0 s'],
  [59.6, '1 min'],
  [77, '1 min 17 s'],
  [3600, '1 h'],
  [3605, '1 h'],
  [4620, '1 h 17 min'],
  [90_061, '1 d 1 h'],
  [-3, '0 s'],
])('%d seconds are %s', (seconds, words) => {
  expect(durationWords(seconds)).toBe(words);
});

it('says of what has happened that it is past, even when the estimated clock of the server is behind it', () => {
  expect([-4000, 0, 450].map(agoWords)).toEqual(['4 s ago', '0 s ago', '0 s ago']);
});

it('says how long until an instant, and that it is due from then on', () => {
  expect([12_000, 0, -9000].map(untilWords)).toEqual(['in 12 s', 'due', 'due']);
});
