package io.postflight.replay;

import io.postflight.store.Row;
import io.postflight.store.RowKey;
import org.jspecify.annotations.Nullable;

/**
 * A row that a record stands for, and what has to be found in its place.
 *
 * @param key where it stands
 * @param row what has to be there; of an erased one, what must not
 * @param unredacted the same row as it was before fields were redacted; null: none are
 * @param erased whether it must not be there
 */
record ExpectedRow(RowKey key, Row row, @Nullable Row unredacted, boolean erased) {
  ExpectedRow {
    if (erased && unredacted != null) {
      throw new IllegalArgumentException("an erased row has no redacted fields");
    }
  }
}
