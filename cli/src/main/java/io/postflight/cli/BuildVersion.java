package io.postflight.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version that was built, from a resource that the build fills in. */
final class BuildVersion implements IVersionProvider {
  private static final String RESOURCE = "version.properties";

  /** Such as {@code 0.1.0}. */
  static String current() {
    Properties properties = new Properties();
    try (InputStream in =
        Objects.requireNonNull(BuildVersion.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "unknown");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"postflight " + current()};
  }
}
