package io.postflight.demo.embedded;

import io.postflight.operations.OperationException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Discovers the stacks that run on this machine: each leaves a file with the path of its {@code
 * endpoints.json} in the user's cache directory, named by its process id.
 */
public final class RunningStacks {
  /** Null: no directory is writable by the user only. */
  private final @Nullable Path directory;

  private final Path workingDirectory;

  /**
   * Creates it.
   *
   * @param environment environment variables
   * @param workingDirectory a stack below it is preferred
   */
  public RunningStacks(Map<String, String> environment, Path workingDirectory) {
    Path cache = cache(environment);
    this.directory = cache == null ? null : cache.resolve("running");
    this.workingDirectory = workingDirectory;
  }

  private static @Nullable Path cache(Map<String, String> environment) {
    String own = environment.getOrDefault("POSTFLIGHT_CACHE_DIR", "");
    String shared = environment.getOrDefault("XDG_CACHE_HOME", "");
    if (!own.isBlank()) {
      return Path.of(own);
    }
    String home = environment.getOrDefault("HOME", "");
    if (!shared.isBlank()) {
      return Path.of(shared, "postflight");
    }
    return home.isBlank() ? null : Path.of(home, ".cache", "postflight");
  }

  /** Announces a stack of this process; without a cache directory it does nothing. */
  public void announce(Path endpoints) {
    if (directory == null) {
      return;
    }
    try {
      Files.createDirectories(directory);
      Files.writeString(own(directory), endpoints.toAbsolutePath().toString());
    } catch (IOException e) {
      // Then the stack can be discovered from its working directory only.
    }
  }

  /** Withdraws the announcement of this process. */
  public void withdraw() {
    if (directory == null) {
      return;
    }
    try {
      Files.deleteIfExists(own(directory));
    } catch (IOException e) {
      // The file of a process that has ended is ignored.
    }
  }

  /**
   * All of them, newest first within the working directory, then elsewhere. Announcements of killed
   * stacks are removed.
   */
  public List<RunningStack> all() {
    Map<Path, RunningStack> found = new LinkedHashMap<>();
    List<Path> candidates = new ArrayList<>(below(workingDirectory.resolve(".postflight")));
    candidates.addAll(announced());
    for (Path candidate : candidates) {
      alive(candidate).ifPresent(stack -> found.putIfAbsent(stack.file(), stack));
    }
    return List.copyOf(found.values());
  }

  /**
   * The only running stack.
   *
   * @param usable whether a stack can be used
   * @param option option that selects one of several
   * @param name value of that option for a stack
   * @return empty: none runs
   * @throws OperationException if there are several
   */
  public Optional<RunningStack> only(
      Predicate<Endpoints> usable, String option, Function<RunningStack, String> name) {
    List<RunningStack> found =
        all().stream().filter(stack -> usable.test(stack.endpoints())).toList();
    if (found.size() > 1) {
      throw OperationException.usage(
          found.size()
              + " stacks run on this machine; name one: "
              + found.stream()
                  .map(
                      stack ->
                          option
                              + ' '
                              + name.apply(stack)
                              + " (process "
                              + stack.endpoints().pid()
                              + ", in "
                              + stack.directory()
                              + ')')
                  .collect(Collectors.joining(", or ")));
    }
    return found.stream().findFirst();
  }

  /** The stack that serves HTTP at a URL. */
  public Optional<Endpoints> serving(String url) {
    return all().stream()
        .map(RunningStack::endpoints)
        .filter(stack -> stack.servesHttp() && normalized(stack.http()).equals(normalized(url)))
        .findFirst();
  }

  private static String normalized(String url) {
    return url.replaceFirst("^http://localhost(?=[:/]|$)", "http://127.0.0.1")
        .replaceFirst("/+$", "");
  }

  private static Path own(Path directory) {
    return directory.resolve(Long.toString(ProcessHandle.current().pid()));
  }

  private static Optional<RunningStack> alive(Path file) {
    try {
      Endpoints endpoints = Endpoints.read(file);
      return isAlive(endpoints.pid())
          ? Optional.of(new RunningStack(file.toRealPath(), endpoints))
          : Optional.empty();
    } catch (IOException goneOrDamaged) {
      return Optional.empty();
    }
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }

  private static List<Path> below(Path parent) {
    return list(parent).stream().map(child -> child.resolve(Endpoints.FILE)).toList();
  }

  private List<Path> announced() {
    List<Path> files = new ArrayList<>();
    for (Path file : directory == null ? List.<Path>of() : list(directory)) {
      try {
        if (isAlive(Long.parseLong(String.valueOf(file.getFileName())))) {
          files.add(Path.of(Files.readString(file).strip()));
        } else {
          Files.deleteIfExists(file);
        }
      } catch (NumberFormatException foreign) {
        // No stack wrote this file.
      } catch (IOException withdrawnMeanwhile) {
        // Its stack has just stopped.
      }
    }
    return files;
  }

  /** The content of a directory, newest first; empty if it does not exist. */
  private static List<Path> list(Path parent) {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(parent)) {
      stream.forEach(children::add);
    } catch (IOException notThere) {
      return List.of();
    }
    children.sort(
        Comparator.comparingLong((Path child) -> child.toFile().lastModified()).reversed());
    return children;
  }
}
