package io.postflight.sink;

/** Any bytes as the value of a record, for the serde and for the sink's decoder. */
public final class RecordFuzzTarget {
  private static final FuzzedRecords RECORDS = new FuzzedRecords();

  private RecordFuzzTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    FuzzedRecords.seeds().forEach(RECORDS::check);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    RECORDS.check(bytes);
  }
}
