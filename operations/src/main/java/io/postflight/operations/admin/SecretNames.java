package io.postflight.operations.admin;

import io.postflight.operations.OperationException;
import io.postflight.schema.signature.EventsSignature;
import io.postflight.schema.signature.SignatureCheck;
import io.postflight.schema.signature.SignatureChecks;
import io.postflight.schema.tenant.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Names of the secrets that signatures of a provider need. */
public final class SecretNames {
  /** Suffix of the name of a secret that is being replaced. */
  private static final String PREVIOUS = "Previous";

  private SecretNames() {}

  private static List<String> names(String provider) {
    return SignatureChecks.of(provider).map(SecretNames::all).orElse(List.of());
  }

  private static List<String> all(SignatureCheck check) {
    List<String> names = new ArrayList<>(check.secretNames());
    names.addAll(check.optionalSecrets());
    return names;
  }

  /**
   * Rejects a provider whose webhooks are not accepted.
   *
   * @throws OperationException naming the accepted ones
   */
  public static void requireProvider(String provider) {
    if (!SignatureChecks.providers().contains(provider)) {
      throw OperationException.parameter(
          "provider",
          provider + " is not known; allowed: " + String.join(", ", SignatureChecks.providers()));
    }
  }

  /**
   * Rejects a provider that never calls with GET.
   *
   * @throws OperationException naming those that may
   */
  public static void requireGet(String provider) {
    Set<String> byGet = SignatureChecks.providers(SignatureCheck::acceptsGet);
    if (!byGet.contains(provider)) {
      throw OperationException.usage(
          "FILE is missing: only " + String.join(", ", byGet) + " may call with GET");
    }
  }

  /**
   * The secrets that webhooks of a provider are signed with; empty if there are none.
   *
   * @param given the given secret, or null; {@code NAME=VALUE} for another than the first
   * @param known secrets of the tenant, by provider
   */
  public static Map<String, String> ofProvider(
      String provider, @Nullable String given, Map<String, Map<String, String>> known) {
    if (given == null) {
      return known.getOrDefault(provider, Map.of());
    }
    List<String> names = names(provider);
    return names.stream()
        .filter(name -> given.startsWith(name + '='))
        .findFirst()
        .map(name -> Map.of(name, given.substring(name.length() + 1)))
        .orElseGet(() -> Map.of(names.get(0), given));
  }

  /**
   * Secrets as they are given on the command line: {@code provider.name=value}.
   *
   * @throws OperationException if one has another form or a name that is not known
   */
  public static Map<String, Map<String, String>> parse(List<String> secrets) {
    Map<String, Map<String, String>> byProvider = new TreeMap<>();
    for (String secret : secrets) {
      int equals = secret.indexOf('=');
      int dot = secret.indexOf('.');
      if (dot < 1 || equals < dot + 2 || equals == secret.length() - 1) {
        throw OperationException.parameter(
            "secret", "must be PROVIDER.NAME=VALUE, such as twilio.authToken=abc");
      }
      byProvider
          .computeIfAbsent(secret.substring(0, dot), provider -> new TreeMap<>())
          .put(secret.substring(dot + 1, equals), secret.substring(equals + 1));
    }
    Map<String, Set<String>> names = new TreeMap<>();
    byProvider.forEach((provider, ofProvider) -> names.put(provider, ofProvider.keySet()));
    List<String> problems = problems(names);
    if (!problems.isEmpty()) {
      throw OperationException.parameter("secret", "is refused: " + String.join("; ", problems));
    }
    try {
      byProvider.forEach(
          (provider, values) ->
              values.forEach((name, value) -> requireUsable(provider, name, value)));
    } catch (IllegalArgumentException unusable) {
      throw OperationException.parameter("secret", "is refused: " + unusable.getMessage());
    }
    return byProvider;
  }

  /** Problems with the names of secrets, by provider; empty: none. */
  public static List<String> problems(Map<String, Set<String>> secrets) {
    List<String> problems = new ArrayList<>();
    secrets.forEach(
        (provider, names) -> {
          if (!SignatureChecks.providers().contains(provider)) {
            problems.add(
                "secrets: there is no provider '%s'; allowed: %s"
                    .formatted(provider, String.join(", ", SignatureChecks.providers())));
            return;
          }
          List<String> allowed = names(provider);
          for (String name : names) {
            if (!allowed.isEmpty() && !allowed.contains(withoutSuffix(name))) {
              problems.add(
                  "secrets: '%s' has no secret '%s'; allowed: %s, each with '%s' after it for the one"
                          .formatted(provider, name, String.join(", ", allowed), PREVIOUS)
                      + " before it");
            }
          }
        });
    return problems;
  }

  /**
   * Rejects a secret with a value that can never work. Of names that are not known nothing is
   * checked.
   *
   * @throws IllegalArgumentException naming the secret and what is allowed, without the value
   */
  static void requireUsable(String provider, String name, String value) {
    SignatureChecks.of(provider)
        .map(check -> check.allowedInstead(withoutSuffix(name), value))
        .ifPresent(
            allowed -> {
              throw new IllegalArgumentException(
                  "secrets.%s.%s can never work; allowed: %s".formatted(provider, name, allowed));
            });
  }

  private static String withoutSuffix(String name) {
    return name.endsWith(PREVIOUS) ? name.substring(0, name.length() - PREVIOUS.length()) : name;
  }

  /**
   * Secrets that a tenant lacks before webhooks are accepted, by provider; of which one is enough,
   * as one text, such as {@code webhookSecret or token}. Events in our own format need none: an API
   * key is enough.
   */
  public static Map<String, List<String>> missing(Tenant tenant) {
    Map<String, List<String>> missing = new TreeMap<>();
    for (String provider : SignatureChecks.providers()) {
      Map<String, String> present = tenant.getSecrets().getOrDefault(provider, Map.of());
      SignatureCheck check = SignatureChecks.of(provider).orElseThrow();
      List<String> needed = check.secretNames();
      List<String> absent = needed.stream().filter(name -> !present.containsKey(name)).toList();
      if (check.oneSecretIsEnough()) {
        absent = absent.size() < needed.size() ? List.of() : List.of(String.join(" or ", needed));
      }
      if (!absent.isEmpty() && !provider.equals(EventsSignature.PROVIDER)) {
        missing.put(provider, absent);
      }
    }
    return missing;
  }
}
