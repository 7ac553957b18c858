/** Colour for people at a terminal, and none in a pipe or a file, nor where NO_COLOR asks for none. */
import picocolors from 'picocolors';

export type Colors = ReturnType<typeof picocolors.createColors>;

export function colorsFor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Colors {
  return picocolors.createColors(stream.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb');
}
