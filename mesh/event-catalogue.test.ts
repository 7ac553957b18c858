/** What a reader of the trace can follow. */
import { describe, expect, it } from 'vitest';
import { runScenario } from '../sim/scenario/run/run.ts';
import { meshWorld } from './world.ts';

const run = await runScenario(meshWorld, meshWorld.generate(42n, 'swarm', 'strict'), { keepTrace: true });
const of = (kind: string) => (run.trace ?? []).filter((record) => record.kind === kind).map(({ fields }) => fields);

describe('the trace', () => {
  it('tells of a crash what became of every log on the disk, and of a start what was found there', () => {
    const { nodes } = meshWorld.generate(42n, 'swarm', 'strict').config;
    expect(of('crash').length).toBeGreaterThan(0);
    expect(of('log-cut')).toHaveLength(of('crash').length * nodes);
    expect(of('recover')).toHaveLength(of('boot').length * nodes);
    const cut = of('log-cut').find(({ node, chain }) => node !== chain);
    const next = of('recover').find(
      ({ node, chain, inc }) => node === cut?.node && chain === cut?.chain && inc === Number(cut?.inc) + 1,
    );
    expect(next?.found).toBe(cut?.kept);
  });

  it('tells of each delivery which message it is, which copy, and which entry by its checksum', () => {
    const sent = new Map(of('send').map((fields) => [fields.msg, fields]));
    expect(sent.size).toBe(of('send').length);
    for (const { msg, copy, crc, damaged, seq, accepted, refused } of of('deliver')) {
      const message = sent.get(msg);
      expect(message).toMatchObject({ seq, fate: 'sent' });
      expect(Number(copy)).toBeLessThanOrEqual(Number(message?.copies));
      if (damaged === false) expect(crc).toBe(message?.crc);
      expect(refused === null).toBe(accepted);
    }
  });

  it('tells where an entry stands in the log of its writer and in every copy', () => {
    const written = new Map(of('log-append').map(({ node, seq, crc }) => [`${node} ${seq} ${crc}`, true]));
    for (const { chain, seq, crc } of of('copy-write')) expect(written.has(`${chain} ${seq} ${crc}`)).toBe(true);
    for (const { offset, end } of of('log-append')) expect(Number(end)).toBeGreaterThan(Number(offset));
  });
});
