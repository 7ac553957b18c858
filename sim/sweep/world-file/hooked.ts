/** Registers, once a thread, the hooks that load the files of worlds (`loader-hooks.ts`). */
import module from 'node:module';
import { beside } from '../workers/beside.ts';
import { found, initialize } from './loader-hooks.ts';

/** What newer versions of Node have besides. */
interface NewerModule {
  readonly register: unknown;
  readonly registerHooks?: (hooks: {
    resolve<Context extends { readonly parentURL?: string | undefined }, Found>(
      specifier: string,
      context: Context,
      next: (specifier: string, context: Context) => Found,
    ): Found;
  }) => unknown;
}

interface NewerFeatures {
  readonly inspector: boolean;
  readonly typescript?: unknown;
}

let registered = false;

/** Has this thread load TypeScript and test files from here on. Sources of the harness run where somebody else has seen to that. */
export function hookLoader(): void {
  if (registered || !import.meta.url.endsWith('.js')) return;
  registered = true;
  const isUnderRunner = '__vitest_worker__' in globalThis;
  const { registerHooks }: NewerModule = module;
  const { typescript }: NewerFeatures = process.features;
  if (typescript && registerHooks !== undefined) {
    initialize(isUnderRunner);
    registerHooks({ resolve: (specifier, context, next) => next(found(specifier, context.parentURL), context) });
  } else {
    module.register(beside(import.meta.url, './loader-hooks'), { data: isUnderRunner });
  }
}
