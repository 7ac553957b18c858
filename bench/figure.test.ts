import { describe, expect, it } from 'vitest';
import { type Figure, figuresJson, figuresTable } from './figure.ts';

const FIGURES: readonly Figure[] = [
  {
    name: 'speed',
    value: 1_234_567.8,
    unit: 'events/s',
    against: { tortoise: 9.876, hare: 0.5 },
    target: { atLeast: 1_000_000, against: { hare: 1.8 } },
  },
  { name: 'patience', value: 50, unit: 's', against: {}, target: { atMost: 45 } },
];

describe('figures', () => {
  it('are a table with a line for each peer, and say which targets are met', () => {
    expect(figuresTable(FIGURES).split('\n')).toEqual([
      '                     measured            target',
      'speed               1,234,568  events/s  ≥ 1,000,000  met',
      '  against tortoise       9.88  ×',
      '  against hare            0.5  ×         ≥ 1.8        missed',
      'patience                   50  s         ≤ 45         missed',
    ]);
  });

  it('are name, value, unit and ratios in JSON, and nothing else', () => {
    expect(JSON.parse(figuresJson(FIGURES))).toEqual([
      { name: 'speed', value: 1_234_567.8, unit: 'events/s', against: { tortoise: 9.876, hare: 0.5 } },
      { name: 'patience', value: 50, unit: 's', against: {} },
    ]);
  });
});
