package io.postflight.sink.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.devstack.fuzz.Fuzzer;
import io.postflight.devstack.fuzz.LinearTime;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Coverage-guided fuzzing of the serde and the sink's decoder. */
class RecordFuzzTest {
  private static final int FEW = 100;
  private static final int BYTES = 200_000;

  @Test
  void no_bytes_break_the_serde() {
    assertThat(Fuzzer.run(RecordFuzzTarget.class, FuzzedRecords.seeds(), Fuzzer.usual()))
        .isGreaterThan(FEW);
  }

  @Test
  @Tag("soak")
  void no_bytes_break_the_serde_for_long() {
    assertThat(Fuzzer.run(RecordFuzzTarget.class, FuzzedRecords.seeds(), Fuzzer.longRun()))
        .isGreaterThan(FEW);
  }

  @Test
  void hostile_records_are_read_in_linear_time() {
    FuzzedRecords records = new FuzzedRecords();
    shapes().forEach((name, shape) -> LinearTime.check(name, BYTES, shape, records::check));
  }

  private static Map<String, IntFunction<byte[]>> shapes() {
    Map<String, IntFunction<byte[]>> shapes = new TreeMap<>();
    shapes.put("zeros", byte[]::new);
    shapes.put("ones", size -> filled(size, 1));
    shapes.put("twos", size -> filled(size, 2));
    shapes.put("unterminated numbers", size -> filled(size, 0xFF));
    shapes.put(
        "a record with a long tail", size -> Arrays.copyOf(FuzzedRecords.seeds().get(0), size));
    return shapes;
  }

  private static byte[] filled(int size, int value) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
