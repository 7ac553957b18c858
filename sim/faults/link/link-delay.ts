/** Messages of a link take `extraMs` longer. */
import type { FaultParts } from '../parts.ts';
import { drawOnLinks, type LinkFaultKind, type LinkTarget, onOneLink } from './link.ts';

export interface LinkDelay extends LinkTarget {
  readonly kind: 'link-delay';
  readonly extraMs: number;
  readonly forMs: number;
}

export const linkDelay = {
  ...onOneLink<LinkDelay>(),
  kind: 'link-delay',
  schema: ({ z, link, lengthMs }: FaultParts) =>
    z.strictObject({ ...link, kind: z.literal('link-delay'), extraMs: lengthMs }),
  draw: (stream, hardness, context) =>
    drawOnLinks(stream, hardness, context, (link, forMs) => ({
      kind: 'link-delay',
      ...link,
      extraMs: stream.pick(context.messageDelaysMs),
      forMs,
    })),
  longestMs: ({ extraMs }) => extraMs,
  onPassage: (passage, { extraMs }) => {
    passage.delayMs += extraMs;
  },
} satisfies LinkFaultKind<LinkDelay>;
