/** Messages of a link take up to `extraMs` longer, each by its own draw, so that they overtake each other. */
import type { FaultParts } from '../parts.ts';
import { drawOnLinks, type LinkFaultKind, type LinkTarget, onOneLink } from './link.ts';
import type { LinkDelay } from './link-delay.ts';

export interface LinkReorder extends LinkTarget {
  readonly kind: 'link-reorder';
  readonly extraMs: number;
  readonly forMs: number;
}

export const linkReorder = {
  ...onOneLink<LinkReorder>(),
  kind: 'link-reorder',
  schema: ({ z, link, lengthMs }: FaultParts) =>
    z.strictObject({ ...link, kind: z.literal('link-reorder'), extraMs: lengthMs }),
  draw: (stream, hardness, context) =>
    drawOnLinks(stream, hardness, context, (link, forMs) => ({
      kind: 'link-reorder',
      ...link,
      extraMs: stream.pick([2, 20, 100]),
      forMs,
    })),
  plainer: (fault): LinkDelay => ({ ...fault, kind: 'link-delay' }),
  longestMs: ({ extraMs }) => extraMs,
  onPassage: (passage, { extraMs }, draw, where) => {
    passage.delayMs += draw(where.child('reorder'), extraMs + 1);
  },
} satisfies LinkFaultKind<LinkReorder, LinkDelay>;
