package io.postflight.settings;

/** A setting is invalid. The message is one line with the key, its value and what is allowed. */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message the key, its value and what is allowed
   */
  public ConfigurationException(String message) {
    super(message);
  }

  /** The value of a key is not allowed. */
  static ConfigurationException badValue(String key, String value, String allowed, String source) {
    return new ConfigurationException(
        key + " = '" + value + "' (" + source + ") is not allowed: " + allowed);
  }

  /** A key is unknown. */
  static ConfigurationException unknownKey(String key, String value, String source, String hint) {
    return new ConfigurationException(
        key + " = '" + value + "' (" + source + "): there is no such setting; " + hint);
  }
}
