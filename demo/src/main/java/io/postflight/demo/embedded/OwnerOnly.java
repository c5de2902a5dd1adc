package io.postflight.demo.embedded;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files and directories that only their owner may read, from their creation on. On file systems
 * without POSIX permissions nothing is restricted.
 */
public final class OwnerOnly {
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> DIRECTORY =
      PosixFilePermissions.fromString("rwx------");

  private OwnerOnly() {}

  /** Writes a file, replacing an existing one. */
  public static void write(Path file, byte[] content) throws IOException {
    Files.deleteIfExists(file);
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (SeekableByteChannel channel =
            Files.newByteChannel(file, options, permissions(file, FILE));
        OutputStream out = Channels.newOutputStream(channel)) {
      out.write(content);
    }
  }

  /** Creates a directory, with those above it; an existing one is restricted to its owner. */
  public static Path directory(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      if (isPosix(directory)) {
        Files.setPosixFilePermissions(directory, DIRECTORY);
      }
      return directory;
    }
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    return Files.createDirectory(directory, permissions(directory, DIRECTORY));
  }

  /** Whether others than the owner may read a file. */
  public static boolean isReadByOthers(Path file) throws IOException {
    if (!isPosix(file)) {
      return false;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    return permissions.contains(PosixFilePermission.GROUP_READ)
        || permissions.contains(PosixFilePermission.OTHERS_READ);
  }

  /**
   * Rejects a file that another user owns or can write.
   *
   * @throws IOException also if the file does not exist
   */
  static void requireOwn(Path file) throws IOException {
    if (isPosix(file)) {
      requireOwnedBy(new UnixSystem().getUid(), file);
    }
  }

  static void requireOwnedBy(long user, Path file) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    long owner = ((Number) Files.getAttribute(file, "unix:uid")).longValue();
    if (owner != user
        || permissions.contains(PosixFilePermission.GROUP_WRITE)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new AccessDeniedException(file + " is owned or writable by another user");
    }
  }

  private static FileAttribute<?>[] permissions(Path path, Set<PosixFilePermission> permissions) {
    return isPosix(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
