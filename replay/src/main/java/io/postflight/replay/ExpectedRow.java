package io.postflight.replay;

import io.postflight.store.Row;
import io.postflight.store.RowKey;
import org.jspecify.annotations.Nullable;

/**
 * A row of a record, and the expected stored state.
 *
 * @param key key of the row
 * @param row the expected row; if erased, the row that must be absent
 * @param unredacted the row before redaction; null if nothing is redacted
 * @param erased whether the row must be absent
 */
record ExpectedRow(RowKey key, Row row, @Nullable Row unredacted, boolean erased) {
  ExpectedRow {
    if (erased && unredacted != null) {
      throw new IllegalArgumentException("an erased row has no redacted fields");
    }
  }
}
