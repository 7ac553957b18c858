/**
 * Compares what mutation testing found with what is known: how many mutations of each folder the tests notice, and whether those
 * that no test notices are exactly the listed ones. `tools/mutation/survivors/` lists them, a file a component, by the reason why
 * no test can tell them from the code as it is:
 *
 *     - why: a shortcut; without it the loop gives the same
 *       in:
 *         src/ring/bounded-ring.ts:
 *           - line: if (count === 0) return [];    # the line on which the mutated code begins
 *             from: count === 0
 *             to: "false"
 *             times: 2                             # how often the file has this line with this mutation of it; 1 by default
 *
 * A mutation is known by its file and its text, never by its line number, which other edits move.
 */
import { parse, stringify } from 'yaml';
import { z } from 'zod';

/** Both must reach `SCORE_MIN`. Listed survivors count as not noticed. */
const SCORED = ['src', 'mesh/invariants'] as const;
const SCORE_MIN = 90;

const Position = z.object({ line: z.int(), column: z.int() });

/** The parts that are read of a report by mutation-testing tools, schema version 2. */
const Report = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.string(),
      mutants: z.array(
        z.object({
          mutatorName: z.string(),
          replacement: z.string().default(''),
          location: z.object({ start: Position, end: Position }),
          status: z.string(),
        }),
      ),
    }),
  ),
});

type FileReport = z.infer<typeof Report>['files'][string];
type Mutation = FileReport['mutants'][number];

const text = z.string().min(1);

const Mutated = z.strictObject({
  line: text,
  from: text,
  to: z.string(),
  times: z.int().min(1).default(1),
});

const Survivors = z.array(z.strictObject({ why: text, in: z.record(text, z.array(Mutated).min(1)) }));

export interface Survivor extends z.infer<typeof Mutated> {
  readonly file: string;
}

export interface Score {
  /** A folder, or everything below one that is scored. */
  readonly name: string;
  readonly killed: number;
  readonly timedOut: number;
  readonly survived: number;
  readonly uncovered: number;
  /** Not tried: words for people, and what the compiler or the loader refuses. */
  readonly leftOut: number;
}

export interface Comparison {
  readonly folders: readonly Score[];
  readonly scored: readonly Score[];
  readonly unlisted: readonly Survivor[];
  /** One line each. Empty if all is well. */
  readonly faults: readonly string[];
}

/** How many of a hundred mutations a test notices. */
export function percent({ killed, timedOut, survived, uncovered }: Score): number {
  const noticed = killed + timedOut;
  const all = noticed + survived + uncovered;
  return all === 0 ? 0 : (100 * noticed) / all;
}

/** Compares a report (JSON) with the lists of survivors (YAML). Throws if one of them has another form. */
export function compared(report: string, lists: readonly string[]): Comparison {
  const { files } = Report.parse(JSON.parse(report));
  const listed = lists.flatMap((list) =>
    Survivors.parse(parse(list) ?? []).flatMap((reason) => survivorsFor(reason.in)),
  );
  const found = new Map<string, Survivor>();
  const folders = new Map<string, Mutation[]>();
  const faults: string[] = [];
  for (const [file, { source, mutants }] of Object.entries(files)) {
    const lines = source.split('\n');
    const folder = file.slice(0, file.lastIndexOf('/'));
    folders.set(folder, [...(folders.get(folder) ?? []), ...mutants]);
    for (const mutation of mutants) {
      if (mutation.status === 'Pending') faults.push(`${file}:${mutation.location.start.line}: not tried`);
      if (mutation.status !== 'Survived' && mutation.status !== 'NoCoverage') continue;
      const survivor = survivorOf(file, lines, mutation);
      const key = keyOf(survivor);
      found.set(key, { ...survivor, times: (found.get(key)?.times ?? 0) + 1 });
    }
  }
  const counts = new Map<string, number>();
  for (const survivor of listed) {
    const key = keyOf(survivor);
    if (counts.has(key)) faults.push(`listed twice: ${inWords(survivor)}`);
    counts.set(key, survivor.times);
    if ((found.get(key)?.times ?? 0) < survivor.times)
      faults.push(`listed, and does not survive: ${inWords(survivor)}`);
  }
  const unlisted = [...found].filter(([key, { times }]) => times > (counts.get(key) ?? 0)).map(([, one]) => one);
  for (const survivor of unlisted) faults.push(`survives, and is not listed: ${inWords(survivor)}`);
  const scored = SCORED.map((part) => {
    const own = [...folders].filter(([folder]) => folder === part || folder.startsWith(`${part}/`));
    return scoreOf(
      part,
      own.flatMap(([, mutations]) => mutations),
    );
  });
  for (const score of scored) {
    if (percent(score) >= SCORE_MIN) continue;
    faults.push(`${score.name}: ${percent(score).toFixed(1)} % are noticed, which is less than ${SCORE_MIN} %`);
  }
  const ofFolders = [...folders].map(([name, mutations]) => scoreOf(name, mutations));
  return { folders: ofFolders.filter(isTried), scored, unlisted, faults };
}

function survivorsFor(files: Readonly<Record<string, readonly z.infer<typeof Mutated>[]>>): readonly Survivor[] {
  return Object.entries(files).flatMap(([file, mutated]) => mutated.map((one) => ({ file, ...one })));
}

/** Survivors in the form of the lists, for people to add a reason. */
export function listText(survivors: readonly Survivor[]): string {
  const files: Record<string, z.infer<typeof Mutated>[]> = {};
  for (const { file, ...mutated } of survivors) files[file] = [...(files[file] ?? []), mutated];
  return stringify([{ why: '', in: files }], { lineWidth: 0 });
}

function isTried({ killed, timedOut, survived, uncovered }: Score): boolean {
  return killed + timedOut + survived + uncovered > 0;
}

function scoreOf(name: string, mutations: readonly Mutation[]): Score {
  const count = (...statuses: string[]) => mutations.filter(({ status }) => statuses.includes(status)).length;
  return {
    name,
    killed: count('Killed'),
    timedOut: count('Timeout'),
    survived: count('Survived'),
    uncovered: count('NoCoverage'),
    leftOut: count('Ignored', 'CompileError', 'RuntimeError'),
  };
}

function survivorOf(file: string, lines: readonly string[], { location, replacement }: Mutation): Survivor {
  const { start, end } = location;
  const covered = lines.slice(start.line - 1, end.line);
  const last = covered.length - 1;
  const from = covered.map((line, at) =>
    line.slice(at === 0 ? start.column - 1 : 0, at === last ? end.column - 1 : undefined),
  );
  return {
    file,
    line: onOneLine(lines[start.line - 1] ?? ''),
    from: onOneLine(from.join('\n')),
    to: onOneLine(replacement),
    times: 1,
  };
}

function onOneLine(code: string): string {
  return code.replace(/\s+/g, ' ').trim();
}

function keyOf({ file, line, from, to }: Survivor): string {
  return JSON.stringify([file, line, from, to]);
}

function inWords({ file, line, from, to, times }: Survivor): string {
  return `${file}: in \`${line}\`, \`${from}\` as \`${to}\`${times === 1 ? '' : `, ${times} times`}`;
}
