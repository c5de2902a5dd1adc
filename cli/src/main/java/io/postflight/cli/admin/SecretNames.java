package io.postflight.cli.admin;

import io.postflight.api.signature.EventsSignature;
import io.postflight.api.signature.SignatureChecks;
import io.postflight.schema.tenant.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a provider's signatures need, by name. */
public final class SecretNames {
  /** A secret that is being replaced stands beside the new one under this ending. */
  private static final String PREVIOUS = "Previous";

  private static final Map<String, List<String>> BY_PROVIDER =
      Map.of(
          "whatsapp", List.of("appSecret", "verifyToken"),
          "wasender", List.of("webhookSecret"),
          "twilio", List.of("authToken"),
          "events", List.of("signingSecret"));

  private SecretNames() {}

  /** What is wrong with the names of secrets; empty: nothing. */
  public static List<String> problems(Map<String, Map<String, String>> secrets) {
    List<String> problems = new ArrayList<>();
    secrets.forEach(
        (provider, ofProvider) -> {
          if (!SignatureChecks.providers().contains(provider)) {
            problems.add(
                "secrets: there is no provider '%s'; allowed: %s"
                    .formatted(provider, String.join(", ", SignatureChecks.providers())));
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
    for (String provider : SignatureChecks.providers()) {
      Map<String, String> present = tenant.getSecrets().getOrDefault(provider, Map.of());
      List<String> absent =
          BY_PROVIDER.getOrDefault(provider, List.of()).stream()
              .filter(name -> !present.containsKey(name))
              .toList();
      if (!absent.isEmpty() && !provider.equals(EventsSignature.PROVIDER)) {
        missing.put(provider, absent);
      }
    }
    return missing;
  }
}
