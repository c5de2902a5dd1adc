package io.postflight.store;

/** Which end of a listing comes first. */
public enum Order {
  /** By time backwards; of one time by id forwards. */
  NEWEST_FIRST,
  /** The exact reverse. */
  OLDEST_FIRST
}
