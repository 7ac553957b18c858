import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { meshSchemaText, SCHEMA_PATH } from './scenario-schema.ts';

it('the committed schema of scenario files is the one that reads them; `npm run schema` writes it anew', async () => {
  expect(readFileSync(join(import.meta.dirname, '../..', SCHEMA_PATH), 'utf8')).toBe(await meshSchemaText());
});

it('every description in it begins with a capital, for they stand beside one another in a file that `sim new` writes', async () => {
  expect((await meshSchemaText()).match(/"description": "[^A-Z].*/g)).toBeNull();
});
