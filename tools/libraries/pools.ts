/** Pools of things that are expensive to make: lent to one user at a time, never more than allowed, all given back. */
import { library, nameOf, outcome, type Sim } from './library.ts';

const PATIENCE_MS = 40;

class Connection {
  used = false;
  closed = false;
}

/** Makes connections and counts them. A connection that is being closed takes no place in a pool any more. */
class Maker {
  open = 0;
  /** In use. */
  lent = 0;
  readonly #sim: Sim;
  readonly #max: number;

  constructor(sim: Sim, max: number) {
    this.#sim = sim;
    this.#max = max;
  }

  async make(): Promise<Connection> {
    this.open += 1;
    await this.#sim.sleep(this.#sim.draw('make', 0, 5));
    return new Connection();
  }

  async close(connection: Connection): Promise<void> {
    this.#sim.check(!connection.used && !connection.closed, 'closed what is in use, or closed already');
    connection.closed = true;
    await this.#sim.sleep(this.#sim.draw('close', 0, 5));
    this.open -= 1;
  }

  async use(connection: Connection, ms: number): Promise<void> {
    this.#sim.check(!connection.used && !connection.closed, 'lent what is in use, or closed');
    connection.used = true;
    this.lent += 1;
    this.#sim.check(this.lent <= this.#max, `${this.lent} lent, and the limit is ${this.#max}`);
    await this.#sim.sleep(ms);
    this.lent -= 1;
    connection.used = false;
  }
}

export const genericPool = library<typeof import('generic-pool')>('generic-pool', ({ createPool }, sim) => {
  const max = sim.draw('max', 1, 3);
  const maker = new Maker(sim, max);
  const pool = createPool<Connection>(
    { create: () => maker.make(), destroy: (connection) => maker.close(connection) },
    { max, min: 0, acquireTimeoutMillis: PATIENCE_MS, evictionRunIntervalMillis: 25, idleTimeoutMillis: 20 },
  );
  return {
    async operate({ draw, check }) {
      const { value: connection, error, tookMs } = await outcome(sim, () => pool.acquire());
      check(tookMs <= PATIENCE_MS, `waited ${tookMs} ms`);
      if (connection === undefined) {
        check(nameOf(error) === 'TimeoutError' && tookMs === PATIENCE_MS, `after ${tookMs} ms: ${error}`);
        return 'too late';
      }
      await maker.use(connection, draw('work', 0, 30));
      check(pool.isBorrowedResource(connection), 'what was lent is not known to be');
      if (draw('broken', 0, 4) === 0) await pool.destroy(connection);
      else await pool.release(connection);
      return tookMs;
    },
    async end() {
      await pool.drain();
      await pool.clear();
      sim.check(maker.open === 0 && pool.size === 0, `${maker.open} open at the end, ${pool.size} in the pool`);
    },
  };
});

export const tarn = library<typeof import('tarn')>('tarn', (module, sim) => {
  const max = sim.draw('max', 1, 3);
  const maker = new Maker(sim, max);
  const pool = new module.Pool<Connection>({
    create: () => maker.make(),
    destroy: (connection) => maker.close(connection),
    validate: (connection) => !connection.closed,
    min: 0,
    max,
    acquireTimeoutMillis: PATIENCE_MS,
    idleTimeoutMillis: 20,
    reapIntervalMillis: 25,
  });
  return {
    async operate({ draw, check }) {
      const { value: connection, error, tookMs } = await outcome(sim, () => pool.acquire().promise);
      check(tookMs <= PATIENCE_MS, `waited ${tookMs} ms`);
      if (connection === undefined) {
        check(error instanceof module.TimeoutError && tookMs === PATIENCE_MS, `after ${tookMs} ms: ${error}`);
        return 'too late';
      }
      await maker.use(connection, draw('work', 0, 30));
      check(pool.release(connection), 'what was lent is not taken back');
      return tookMs;
    },
    async end() {
      await pool.destroy();
      sim.check(maker.open === 0 && pool.numUsed() === 0, `${maker.open} open at the end, ${pool.numUsed()} used`);
    },
  };
});
