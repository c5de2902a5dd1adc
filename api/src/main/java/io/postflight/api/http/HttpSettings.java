package io.postflight.api.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.postflight.schema.settings.RecordCopy;
import io.postflight.schema.settings.Setting;
import io.postflight.schema.settings.SettingDefinition;
import io.postflight.schema.settings.SettingsBinder;
import java.util.Map;
import java.util.Optional;

/** Settings of the HTTP server; section {@code http}. */
public record HttpSettings(
    @Setting(
            value = "Address to listen on for webhooks and queries.",
            defaultValue = "0.0.0.0",
            pattern = "[A-Za-z0-9.:_-]+",
            allowed = "a host name or address")
        String host,
    @Setting(
            value = "Port to listen on; 0: any free port.",
            defaultValue = "8080",
            min = "0",
            max = "65535")
        int port,
    @Setting(
            value =
                "Port for /health/live, /health/ready, /health/status and /metrics without"
                    + " authentication: for operators, not for the public. 0: any free port; empty:"
                    + " none. Use a separate port for each monitored process of a machine.",
            defaultValue = "",
            none = "",
            min = "0",
            max = "65535")
        Optional<Integer> statusPort,
    @Setting(
            value =
                "Address to listen on for statusPort. Another one than this machine's own must be"
                    + " one that only operators reach, such as that of a container's network.",
            defaultValue = "127.0.0.1",
            pattern = "[A-Za-z0-9.:_-]+",
            allowed = "a host name or address")
        String statusHost,
    @Setting(
            value =
                "SHA-256 of the operator's key, in hexadecimal digits: printf %s \"$KEY\" |"
                    + " sha256sum. It gives access to /health/status and /metrics on http.port"
                    + " (Authorization: Bearer <key>); empty: no access. Use a key of 32 random"
                    + " characters or more.",
            defaultValue = "",
            none = "",
            pattern = "[0-9a-f]{64}",
            allowed = "64 hexadecimal digits in lower case")
        Optional<String> operatorKeyHash,
    @JsonUnwrapped HttpLimits limits) {

  /** Validates. */
  public HttpSettings {
    SettingDefinition.require(
        HttpSettings.class, host, port, statusPort, statusHost, operatorKeyHash, limits);
  }

  /** Default settings for an address. */
  public static HttpSettings of(String host, int port) {
    return SettingsBinder.with(
        HttpSettings.class, Map.of("host", host, "port", Integer.toString(port)));
  }

  /** The operator's key. */
  public OperatorKey operatorKey() {
    return new OperatorKey(operatorKeyHash);
  }

  /** A copy with another port. */
  public HttpSettings withPort(int other) {
    return RecordCopy.with(this, "port", other);
  }

  /** A copy with other limits. */
  public HttpSettings withLimits(HttpLimits other) {
    return RecordCopy.with(this, "limits", other);
  }

  /** A copy with an operator key. */
  public HttpSettings withOperatorKey(OperatorKey other) {
    return RecordCopy.with(this, "operatorKeyHash", other.sha256());
  }
}
