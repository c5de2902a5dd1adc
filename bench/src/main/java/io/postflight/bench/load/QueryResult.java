package io.postflight.bench.load;

import java.util.Map;

/**
 * What became of the queries.
 *
 * @param failed those that were not answered 200
 * @param figures percentiles of the time to the answer, from the time at which each was to be sent
 */
public record QueryResult(long failed, Map<String, Double> figures) {
  /** Nothing was read. */
  public static final QueryResult NONE = new QueryResult(0, Map.of());
}
