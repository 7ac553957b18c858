/**
 * Leaves out of mutation the words that only people read: what an invariant says of a violation, the sentence that states
 * its rule, and the message of an exception, which tells of a mistake in this code and which nobody can act upon. Whether
 * an invariant is violated, and whether an exception is thrown, is mutated like everything else. So are all texts that the
 * control plane puts on the wire, into a ring or into an error that it returns.
 */
const WORDS = new Set([
  'StringLiteral',
  'TemplateLiteral',
  'BinaryExpression',
  'ConditionalExpression',
  'ObjectExpression',
]);

function inMessage(path) {
  const { parent, listKey } = path;
  if (!parent) return false;
  if (parent.type === 'ObjectProperty') return parent.key.name === 'holds' && path.key === 'value';
  if (listKey !== 'arguments') return false;
  if (parent.type === 'NewExpression') return path.parentPath.parent?.type === 'ThrowStatement';
  return parent.type === 'CallExpression' && parent.callee.property?.name === 'violate';
}

export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'messages',
    value: {
      shouldIgnore(path) {
        return WORDS.has(path.node.type) && inMessage(path) ? 'read by people only' : undefined;
      },
    },
  },
];
