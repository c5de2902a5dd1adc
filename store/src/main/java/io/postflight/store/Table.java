package io.postflight.store;

import java.util.Locale;

/** The tables of a tier's keyspace. */
public enum Table {
  /** A user's journey, by time. */
  TIMELINE,
  /** The last event of each type of a user. */
  LATEST,
  /** One message, all facts, in flight or complete. */
  MESSAGE,
  /** A tenant's completed messages, by time. */
  MESSAGE_BY_TIME;

  private final String cqlName = name().toLowerCase(Locale.ROOT);

  /** The table's name in CQL. */
  public String cqlName() {
    return cqlName;
  }
}
