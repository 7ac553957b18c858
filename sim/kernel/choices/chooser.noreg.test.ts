/** What a seed draws by a name. Every seed ever reported depends on it: change it on purpose only, and say so in CHANGELOG.md. */
import { expect, test } from 'vitest';
import { SeededChooser } from './chooser.ts';
import { parseName } from './name.ts';

const texts = ['a', 'op:k7/attempt:2/latency', 'fault:f3', 'n1/i0/executor/t:1500/n:0'];

test('a seeded chooser draws the same from version to version', () => {
  const seeds = [0n, 1n, 42n, 18446744073709551615n];
  const drawn = seeds.map((seed) => {
    const chooser = new SeededChooser(seed);
    return texts.map((text) => [
      chooser.draw(parseName(text), 1000),
      chooser.draw(parseName(text), 4294967296),
      chooser.rank(parseName(text)),
    ]);
  });
  expect(drawn).toMatchInlineSnapshot(`
    [
      [
        [
          675,
          2902745876,
          1652790230,
        ],
        [
          71,
          308587675,
          2473688966,
        ],
        [
          914,
          3929459331,
          1348979111,
        ],
        [
          865,
          3718813276,
          3414597077,
        ],
      ],
      [
        [
          628,
          2699570075,
          1937665181,
        ],
        [
          634,
          2727246704,
          1847044750,
        ],
        [
          595,
          2557362928,
          1577231644,
        ],
        [
          428,
          1838859265,
          2151383866,
        ],
      ],
      [
        [
          603,
          2589943574,
          3804354187,
        ],
        [
          832,
          3575089044,
          4070380073,
        ],
        [
          438,
          1883374028,
          966327630,
        ],
        [
          776,
          3335414725,
          2025619671,
        ],
      ],
      [
        [
          49,
          213456739,
          3967066291,
        ],
        [
          391,
          1679543567,
          2717155583,
        ],
        [
          971,
          4171967802,
          2807244459,
        ],
        [
          473,
          2033860166,
          3369491040,
        ],
      ],
    ]
  `);
});
