package io.postflight.operations.admin;

import io.postflight.schema.tenant.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a provider's signatures need, by name. */
public final class SecretNames {
  /** A secret that is being replaced stands beside the new one under this ending. */
  private static final String PREVIOUS = "Previous";

  /** Our own events. */
  private static final String EVENTS = "events";

  private static final Map<String, List<String>> BY_PROVIDER =
      Map.of(
          "whatsapp",
          List.of("appSecret", "verifyToken"),
          "wasender",
          List.of("webhookSecret"),
          "twilio",
          List.of("authToken"),
          EVENTS,
          List.of("signingSecret"));

  private SecretNames() {}

  /** Names of all providers whose webhooks are signed, sorted. */
  public static Set<String> providers() {
    return new TreeSet<>(BY_PROVIDER.keySet());
  }

  /** What is wrong with the names of secrets; empty: nothing. */
  public static List<String> problems(Map<String, Map<String, String>> secrets) {
    List<String> problems = new ArrayList<>();
    secrets.forEach(
        (provider, ofProvider) -> {
          if (!providers().contains(provider)) {
            problems.add(
                "secrets: there is no provider '%s'; allowed: %s"
                    .formatted(provider, String.join(", ", providers())));
            return;
          }
          List<String> allowed = BY_PROVIDER.getOrDefault(provider, List.of());
          for (String name : ofProvider.keySet()) {
            String plain =
                name.endsWith(PREVIOUS)
                    ? name.substring(0, name.length() - PREVIOUS.length())
                    : name;
            if (!allowed.isEmpty() && !allowed.contains(plain)) {
              problems.add(
                  "secrets: '%s' has no secret '%s'; allowed: %s"
                      .formatted(provider, name, String.join(", ", allowed)));
            }
          }
        });
    return problems;
  }

  /**
   * What a tenant still needs before webhooks are taken, by provider; empty: nothing. Our own
   * events need nothing: an API key does as well.
   */
  public static Map<String, List<String>> missing(Tenant tenant) {
    Map<String, List<String>> missing = new TreeMap<>();
    for (String provider : providers()) {
      Map<String, String> present = tenant.getSecrets().getOrDefault(provider, Map.of());
      List<String> absent =
          BY_PROVIDER.getOrDefault(provider, List.of()).stream()
              .filter(name -> !present.containsKey(name))
              .toList();
      if (!absent.isEmpty() && !provider.equals(EVENTS)) {
        missing.put(provider, absent);
      }
    }
    return missing;
  }
}
