package io.postflight.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * What a process has used, as Linux accounts for it in {@code /proc}.
 *
 * @param cpuMicros CPU time of all its threads, in user and kernel mode, with a resolution of 10 ms
 * @param writtenBytes bytes passed to write calls, to sockets above all
 * @param peakResidentBytes largest resident set since the last {@link #resetPeak}
 */
public record ProcessUsage(long cpuMicros, long writtenBytes, long peakResidentBytes) {
  /** Of a tick, of which Linux reports 100 a second to every program. */
  private static final long TICK_MICROS = 10_000;

  /** Positions after the name of the program, which may have spaces. */
  private static final int USER_TICKS = 11;

  private static final int KERNEL_TICKS = 12;

  /** Whether this machine has such accounts. */
  public static boolean isAvailable() {
    return Files.isReadable(Path.of("/proc/self/stat"));
  }

  /** Of a process. */
  public static ProcessUsage of(long pid) {
    String stat = read(pid, "stat", text -> text);
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[KERNEL_TICKS]);
    return new ProcessUsage(
        ticks * TICK_MICROS,
        Long.parseLong(read(pid, "io", text -> field(text, "wchar:"))),
        1024 * Long.parseLong(read(pid, "status", text -> field(text, "VmHWM:"))));
  }

  /** Sets the largest resident set of a process to the present one. */
  public static void resetPeak(long pid) {
    try {
      Files.writeString(file(pid, "clear_refs"), "5");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot reset the memory peak of process " + pid, e);
    }
  }

  private static String read(long pid, String name, UnaryOperator<String> of) {
    try {
      return of.apply(Files.readString(file(pid, name)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the usage of process " + pid, e);
    }
  }

  private static Path file(long pid, String name) {
    return Path.of("/proc", Long.toString(pid), name);
  }

  /** The number on the line that begins with a name. */
  private static String field(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).replace("kB", "").strip())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no " + name + " in " + text));
  }
}
