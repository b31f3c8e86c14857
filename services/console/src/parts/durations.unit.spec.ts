import { durationWords } from './durations.ts';

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
