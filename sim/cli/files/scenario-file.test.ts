/** The reference to the JSON Schema in scenario files, as editors follow it: a URL from the file's own. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { schemaFrom } from './scenario-file.ts';

it.each(['plain', 'with space', 'a#b', '50%25', 'späte/日本', 'a?b&c', "it's"])(
  'leads from a folder named %j to the schema and back',
  (folder) => {
    const path = join('/nowhere', folder, 'scenario.yaml');
    const reference = schemaFrom(path);
    expect(reference).toMatch(/^[!-~]+$/);
    expect(existsSync(fileURLToPath(new URL(reference, pathToFileURL(path))))).toBe(true);
  },
);
