/** Registers, once a thread, what loads TypeScript files. */
import module from 'node:module';
import { beside } from '../workers/beside.ts';
import { found } from './typescript-hooks.ts';

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

/** Has this thread load TypeScript from here on. Sources of the harness run where somebody else has seen to that. */
export function loadTypeScript(): void {
  if (registered || !import.meta.url.endsWith('.js')) return;
  registered = true;
  const { registerHooks }: NewerModule = module;
  const { typescript }: NewerFeatures = process.features;
  if (typescript && registerHooks !== undefined) {
    registerHooks({ resolve: (specifier, context, next) => next(found(specifier, context.parentURL), context) });
  } else {
    module.register(beside(import.meta.url, './typescript-hooks'));
  }
}
