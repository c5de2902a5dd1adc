package io.postflight.demo.embedded;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The stacks that run on this machine, so that other commands find them: each leaves a file with
 * the path of its {@code endpoints.json} in the user's cache directory, named by its process id.
 */
public final class RunningStacks {
  private final Path directory;
  private final Path workingDirectory;

  /**
   * Creates it.
   *
   * @param environment environment variables
   * @param workingDirectory a stack below it is preferred
   */
  public RunningStacks(Map<String, String> environment, Path workingDirectory) {
    this.directory = cache(environment).resolve("running");
    this.workingDirectory = workingDirectory;
  }

  private static Path cache(Map<String, String> environment) {
    String own = environment.getOrDefault("POSTFLIGHT_CACHE_DIR", "");
    String shared = environment.getOrDefault("XDG_CACHE_HOME", "");
    if (!own.isBlank()) {
      return Path.of(own);
    }
    return shared.isBlank()
        ? Path.of(environment.getOrDefault("HOME", "/tmp"), ".cache", "postflight")
        : Path.of(shared, "postflight");
  }

  /** Makes a stack of this process known; a machine without a cache directory does without. */
  public void announce(Path endpoints) {
    try {
      Files.createDirectories(directory);
      Files.writeString(own(), endpoints.toAbsolutePath().toString());
    } catch (IOException e) {
      // Then the stack is found from its working directory only.
    }
  }

  /** Takes back what this process made known. */
  public void withdraw() {
    try {
      Files.deleteIfExists(own());
    } catch (IOException e) {
      // A file of a process that is gone is ignored by those who look.
    }
  }

  /** The stack to talk to: one below the working directory, else the one started last. */
  public Optional<Endpoints> find() {
    return findFile().flatMap(RunningStacks::alive);
  }

  /** The {@code endpoints.json} of the stack to talk to. */
  public Optional<Path> findFile() {
    List<Path> candidates = new ArrayList<>(below(workingDirectory.resolve(".postflight")));
    candidates.addAll(announced());
    return candidates.stream().filter(candidate -> alive(candidate).isPresent()).findFirst();
  }

  private Path own() {
    return directory.resolve(Long.toString(ProcessHandle.current().pid()));
  }

  private static Optional<Endpoints> alive(Path file) {
    try {
      Endpoints endpoints = Endpoints.read(file);
      return ProcessHandle.of(endpoints.pid()).filter(ProcessHandle::isAlive).map(p -> endpoints);
    } catch (IOException goneOrDamaged) {
      return Optional.empty();
    }
  }

  private static List<Path> below(Path parent) {
    return list(parent).stream().map(child -> child.resolve(Endpoints.FILE)).toList();
  }

  private List<Path> announced() {
    List<Path> files = new ArrayList<>();
    for (Path file : list(directory)) {
      try {
        files.add(Path.of(Files.readString(file).strip()));
      } catch (IOException withdrawnMeanwhile) {
        // Its stack has just stopped.
      }
    }
    return files;
  }

  /** What is in a directory, newest first; nothing if it is not there. */
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
