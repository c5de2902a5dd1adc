package io.postflight.sink;

import io.postflight.store.Row;

/** A row and who is to be told of it. */
record OwnedRow(Row row, RowOwner owner) {}
