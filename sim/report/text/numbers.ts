/** Shares and intervals, for people. */
import type { Chance } from '../../statistics/chance.ts';

/** A share of 1, with as many digits as are meaningful: `100 %`, `12.5 %`, `1.7 %`, `0.030 %`. */
export function percent(share: number): string {
  const hundredths = share * 100;
  if (hundredths === 0) return '0 %';
  if (hundredths >= 99.95) return '100 %';
  return `${hundredths >= 10 ? hundredths.toFixed(1) : hundredths.toPrecision(2)} %`;
}

export function percentBetween({ low, high }: Pick<Chance, 'low' | 'high'>): string {
  return `[${percent(low)}, ${percent(high)}]`;
}

/** `1 run`, `2 runs`. */
export function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

export function runsPerSecond({ runs, seconds }: { readonly runs: number; readonly seconds: number }): number {
  return seconds > 0 ? runs / seconds : 0;
}
