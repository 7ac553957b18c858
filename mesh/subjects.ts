/**
 * What the events of a mesh's trace are about, so that a report can follow what led to a violation: from an entry of a
 * chain to the action that it records, from the action to the operation that asked for it, and from these to the faults
 * that struck them and to the crashes and pauses of their node. It is read from the trace alone, in its order.
 *
 * Things are named `op K`, `action NODE/INC/ID`, `entry CHAIN/SEQ` and `fault F`. Topics are what events of many operations
 * have in common: the life of a node, its gates, its backpressure, a copy of a chain.
 */
import type { TraceRecord, TraceValue } from '../sim/kernel/trace/trace.ts';
import type { SubjectReader, Subjects } from '../sim/world.ts';

type Fields = TraceRecord['fields'];

/** Words that may be names of operations, faults and backends. */
const WORD = /[A-Za-z0-9][A-Za-z0-9_./-]*/g;
const NODE = /\bnode ([0-9]+)/;
const ACTION = /(?:\b(?:action|migration|pull|drop) |\brecord "|\baction-id:)([0-9]+)\b/g;
const ENTRY = /\bentry ([0-9]+) of chain ([0-9]+)\b/g;
/** How undrained state is reported: `n1: 1 deferred; copies of n2's chain differ`. */
const WAITING = /\bn([0-9]+): /g;
const CHAIN_OF = /\bn([0-9]+)'s chain\b/g;
const SOURCE = /^action-id:([0-9]+)/;

export function meshSubjects(): SubjectReader {
  return new MeshSubjects();
}

class MeshSubjects implements SubjectReader {
  readonly #incs = new Map<number, number>();
  /** By node and incarnation: submissions taken out of an inbox so far. The k-th gets action id k. */
  readonly #taken = new Map<string, number>();
  /** What each task was last about. What it does next in the same step is about that, too. */
  readonly #last = new Map<string, readonly string[]>();
  readonly #known = new Set<string>();
  /** Actions that have not ended yet, by node. */
  readonly #open = new Map<number, Set<string>>();

  of(record: TraceRecord): Subjects {
    const { task, fields } = record;
    const { node, inc } = fields;
    if (typeof node === 'number' && typeof inc === 'number') this.#incs.set(node, inc);
    const subjects = this.#read(record);
    const { things = [] } = subjects;
    if (things.length > 0) this.#last.set(task, things);
    for (const thing of things) this.#known.add(thing);
    if (typeof node === 'number') this.#keepOpen(node, record, things);
    return subjects;
  }

  #keepOpen(node: number, { kind, fields }: TraceRecord, things: readonly string[]): void {
    const open = this.#open.get(node) ?? new Set();
    this.#open.set(node, open);
    const actions = things.filter((thing) => thing.startsWith('action '));
    if (kind === 'crash') open.clear();
    else if (kind === 'take') for (const one of actions) open.add(one);
    else if (kind === 'append-action' && (fields.type !== 'failed' || fields.ms === null)) {
      for (const one of actions) open.delete(one);
    }
  }

  named(text: string): Subjects {
    const things = [...text.matchAll(WORD)].flatMap(([word]) => [`op ${word}`, `fault ${word}`]);
    for (const [, seq, chain] of text.matchAll(ENTRY)) things.push(`entry ${chain}/${seq}`);
    const follow: string[] = [];
    for (const [, short] of text.matchAll(WAITING)) things.push(...(this.#open.get(Number(short)) ?? []));
    for (const [, chain] of text.matchAll(CHAIN_OF)) {
      for (const node of this.#incs.keys()) follow.push(`copy ${node}/${chain}`, `life ${node}`);
    }
    const node = NODE.exec(text)?.[1];
    if (node === undefined) return { things: things.filter((thing) => this.#known.has(thing)), follow };
    const where = `${node}/${this.#incs.get(Number(node)) ?? 0}`;
    for (const [, id] of text.matchAll(ACTION)) things.push(`action ${where}/${id}`);
    return {
      things: [...new Set(things)].filter((thing) => this.#known.has(thing)),
      follow: [
        `life ${node}`,
        ...TOPICS.filter(([, word]) => text.includes(word)).map(([topic]) => `${topic} ${where}`),
      ],
    };
  }

  #read({ kind, task, fields }: TraceRecord): Subjects {
    const where = `${shown(fields.node)}/${shown(fields.inc)}`;
    const life = `life ${shown(fields.node)}`;
    switch (kind) {
      case 'boot':
        return fields.inc === 0 ? {} : { topics: [life] };
      case 'crash':
      case 'pause':
      case 'resume':
      case 'clock-jump':
      case 'queue-close':
      case 'executor-end':
        return { topics: [life], follow: [life] };
      case 'offer':
        return { things: submission(fields), follow: [life, ...burstOf(fields)] };
      case 'take':
        return { things: [...submission(fields), ...this.#takenAs(fields, where)], follow: [life, ...burstOf(fields)] };
      case 'enqueue':
      case 'dequeue':
      case 'dispatch-end':
        return { things: [action(where, fields)], follow: [life] };
      case 'admit':
        return {
          things: [action(where, fields)],
          topics: [`admissions ${where}`],
          follow: [life, fields.decision === 'gate' ? `gates ${where}` : `admissions ${where}`],
        };
      case 'dispatch':
      case 'release':
        return { things: [action(where, fields)], topics: [`admissions ${where}`], follow: [life, `gates ${where}`] };
      case 'gate':
        return { things: this.#last.get(task) ?? [], topics: [`gates ${where}`], follow: [life] };
      case 'depth':
      case 'hook':
        return { topics: [`backpressure ${where}`], follow: [`backpressure ${where}`, life] };
      case 'append-action':
        return {
          things: [action(where, fields), ...entryAppended(fields)],
          topics: [`outcomes ${where}`],
          follow: [life],
        };
      case 'append-failure':
        return { things: failed(where, fields), topics: [`failures ${where}`], follow: [life, `failures ${where}`] };
      case 'append-log':
        return { things: this.#journalled(task), topics: [`log ${where}`], follow: [life, `log ${where}`] };
      case 'append-audit':
        return { things: this.#journalled(task), topics: [`audit ${where}`], follow: [life, `audit ${where}`] };
      case 'log-append':
        return { things: [entry(fields.node, fields.seq), ...(this.#last.get(task) ?? [])], follow: [life] };
      case 'probe':
        return { things: this.#last.get(task) ?? [] };
      case 'sync':
      case 'copy-write':
        return { topics: [copy(fields.node, fields.chain)], follow: [life] };
      case 'fold':
        return {
          things: [entry(fields.chain, fields.seq)],
          topics: [copy(fields.node, fields.chain)],
          follow: [life, copy(fields.node, fields.chain)],
        };
      case 'send':
      case 'deliver':
        return message(fields);
      case 'backend-register':
      case 'backend-live':
        return { things: fields.op === '' ? [] : submission(fields), topics: [backend(where, fields.backend)] };
      case 'broadcast':
        return { things: submission(fields), topics: [`broadcasts ${where}`], follow: [life] };
      case 'backend-send':
      case 'backend-answer':
        return { things: submission(fields), follow: [life, backend(where, fields.backend)] };
      case 'broadcast-result':
        return { things: submission(fields), follow: [life, `broadcasts ${where}`] };
      case 'fault':
        return { things: [`fault ${shown(fields.fault)}`] };
      case 'injected':
        return { things: [`fault ${shown(fields.fault)}`, ...(this.#last.get(task) ?? [])] };
      default:
        return {};
    }
  }

  /** The action that a submission becomes. */
  #takenAs({ input }: Fields, where: string): readonly string[] {
    if (input !== 'submit') return [];
    const id = (this.#taken.get(where) ?? 0) + 1;
    this.#taken.set(where, id);
    return [`action ${where}/${id}`];
  }

  /** What the loop writes at a hand-over is about no operation. */
  #journalled(task: string): readonly string[] {
    return (this.#last.get(task) ?? []).filter((thing) => thing.startsWith('op '));
  }
}

/** Words in sentences that stand for topics. */
const TOPICS: readonly (readonly [topic: string, word: string])[] = [
  ['backpressure', 'backpressure'],
  ['backpressure', 'depth'],
  ['failures', 'failure'],
  ['outcomes', 'fold of its chain'],
  ['outcomes', 'counter'],
  ['log', 'log ring'],
  ['audit', 'audit ring'],
  ['gates', 'gate'],
  ['broadcasts', 'broadcast'],
];

/** An operation, or a fault that did what an operation does. */
function submission({ op }: Fields): readonly string[] {
  return [`op ${shown(op)}`];
}

/** Submissions of a burst are named after its fault. */
function burstOf({ op }: Fields): readonly string[] {
  const slash = typeof op === 'string' ? op.indexOf('/') : -1;
  return slash < 0 ? [] : [`fault ${shown(op).slice(0, slash)}`];
}

function action(where: string, { id }: Fields): string {
  return `action ${where}/${shown(id)}`;
}

function failed(where: string, { source }: Fields): readonly string[] {
  const id = SOURCE.exec(shown(source))?.[1];
  return id === undefined ? [] : [`action ${where}/${id}`];
}

function entryAppended({ node, seq }: Fields): readonly string[] {
  return seq === null ? [] : [entry(node, seq)];
}

function entry(chain: TraceValue | undefined, seq: TraceValue | undefined): string {
  return `entry ${shown(chain)}/${shown(seq)}`;
}

function copy(node: TraceValue | undefined, chain: TraceValue | undefined): string {
  return `copy ${shown(node)}/${shown(chain)}`;
}

function backend(where: string, name: TraceValue | undefined): string {
  return `backend ${where}/${shown(name)}`;
}

function message({ message: kind, from, to, chain, seq }: Fields): Subjects {
  const follow = [`life ${shown(from)}`, `life ${shown(to)}`];
  return kind === 'entry' ? { things: [entry(chain, seq)], follow } : { topics: [copy(from, chain)], follow };
}

function shown(value: TraceValue | undefined): string {
  return String(value);
}
