package io.postflight.store;

/** Sort order of a listing. */
public enum Order {
  /** By time descending, then by id ascending. */
  NEWEST_FIRST,
  /** The exact reverse. */
  OLDEST_FIRST
}
