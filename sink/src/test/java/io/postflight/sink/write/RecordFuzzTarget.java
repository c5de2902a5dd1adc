package io.postflight.sink.write;

/** Fuzz target of the serde and the sink's decoder. */
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
