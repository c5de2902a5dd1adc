package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.cql.ExecutionInfo;
import io.postflight.schema.log.ThrottledLog;
import org.slf4j.LoggerFactory;

/**
 * Logs what servers warn of, such as a batch that is too large, without the values of the
 * statement, which are people's ids and contents.
 */
final class ServerWarnings {
  private static final ThrottledLog WARNINGS =
      new ThrottledLog(LoggerFactory.getLogger(ServerWarnings.class));

  private ServerWarnings() {}

  static void log(ExecutionInfo execution) {
    for (String warning : execution.getWarnings()) {
      String text = withoutValues(warning);
      WARNINGS.warn(text.replaceAll("\\d+", "n"), "the CQL server warns: {}", text);
    }
  }

  /** A warning may quote the whole query, which is left out, and keys, which are masked. */
  static String withoutValues(String warning) {
    return warning
        .replaceAll("(?is)\\b(for|of|in) query\\b.*", "$1 a query")
        .replaceAll("(?is)\\b(SELECT|INSERT|UPDATE|DELETE)\\b.*", "$1 ...")
        .replaceAll("'(?:[^']|'')*'", "'...'")
        .replaceAll("(?i)(keys?:?) \\[[^]]*]", "$1 [...]");
  }
}
