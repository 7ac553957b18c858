/**
 * Well-formed text: a record's strings hold no lone surrogates, for those have no UTF-8 form and every encoder would
 * change them in a way of its own.
 */

/** ES2024 methods that every supported Node has and the ES2023 library declarations lack. */
declare global {
  interface String {
    isWellFormed(): boolean;
    toWellFormed(): string;
  }
}

/** Whether `text` has a UTF-8 form, that is, no lone surrogates. */
export function isWellFormed(text: string): boolean {
  return text.isWellFormed();
}

/** `text` with each lone surrogate replaced by U+FFFD: what reasons from foreign code go through. */
export function replaceLoneSurrogates(text: string): string {
  return text.toWellFormed();
}
