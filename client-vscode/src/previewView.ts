import type { Change } from "./changes";

/** A way to show changes of a document that are not made yet. */
export interface PreviewView {
  /** Shows changes instead of those shown before. */
  show(changes: readonly Change[], complete: boolean): Promise<void> | void;
  /** Whether it is there still: the user may have closed it. */
  isOpen(): boolean;
  /** Whether the user has it before the eyes. */
  isActive(): boolean;
  close(): Promise<void> | void;
}
