package io.postflight.api.http;

/** Input of a connection that is not a whole message or frame yet. */
@FunctionalInterface
interface UnfinishedInput {
  /** The memory that it occupies, in bytes. */
  long size();
}
