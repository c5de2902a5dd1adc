package io.postflight.settings;

/**
 * A setting is wrong. The message is one line and names the key, its value and what is allowed, so
 * that it can be shown as it is.
 */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what is wrong and what is allowed
   */
  public ConfigurationException(String message) {
    super(message);
  }

  /** A key has a value that it may not have. */
  static ConfigurationException badValue(String key, String value, String allowed, String source) {
    return new ConfigurationException(
        key + " = '" + value + "' (" + source + ") is not allowed: " + allowed);
  }

  /** A key that no setting has. */
  static ConfigurationException unknownKey(String key, String value, String source, String hint) {
    return new ConfigurationException(
        key + " = '" + value + "' (" + source + "): there is no such setting; " + hint);
  }
}
