/**
 * The checksum that an entry carries, read from its last four bytes as they are. The trace shows it, so that a reader can
 * tell entries apart, and a damaged one from an intact one. Whether it is right is checked elsewhere.
 */
export function checksumAtEnd(bytes: Uint8Array): number {
  const at = bytes.length - 4;
  if (at < 0) return -1;
  // Byte by byte, because it is read with every message and every write.
  return (
    ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0
  );
}
