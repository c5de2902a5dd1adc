package io.postflight.devstack.simulator;

import java.util.List;
import java.util.Set;

/**
 * Settings of a simulation. The same settings give the same webhooks, byte for byte.
 *
 * @param seed of all random choices
 * @param messages number of messages and actions together; at least 0
 * @param tenants ids of the tenants, at least one
 * @param usersPerTenant number of users per tenant, at least 1; a few receive most messages
 * @param now epoch milliseconds; all event times are within the 50 minutes before
 * @param providers some of {@link #ALL_PROVIDERS}, at least one
 * @param duplicates probability that an event is delivered again, 0 to 1
 * @param reorderings probability that the events of a message are reordered, 0 to 1
 * @param invalid probability that an invalid event takes the place of a message, 0 to 1
 */
public record SimulationSettings(
    long seed,
    long messages,
    List<String> tenants,
    int usersPerTenant,
    long now,
    Set<String> providers,
    double duplicates,
    double reorderings,
    double invalid) {
  /** The providers that can be simulated. */
  public static final Set<String> ALL_PROVIDERS =
      Set.of("whatsapp", "wasender", "twilio", "events");

  /** Validates. */
  public SimulationSettings {
    tenants = List.copyOf(tenants);
    providers = Set.copyOf(providers);
    require(messages >= 0, "messages is " + messages + ", must be at least 0");
    require(!tenants.isEmpty(), "tenants is empty, at least one is needed");
    require(usersPerTenant >= 1, "usersPerTenant is " + usersPerTenant + ", must be at least 1");
    require(
        !providers.isEmpty() && ALL_PROVIDERS.containsAll(providers),
        "providers is " + providers + ", must be some of " + ALL_PROVIDERS);
    requireProbability("duplicates", duplicates);
    requireProbability("reorderings", reorderings);
    requireProbability("invalid", invalid);
  }

  /** All providers, 5 % duplicate events, 10 % reordered messages, 1 % invalid events. */
  public static SimulationSettings of(long seed, long messages, List<String> tenants, long now) {
    return new SimulationSettings(
        seed, messages, tenants, 1_000, now, ALL_PROVIDERS, 0.05, 0.1, 0.01);
  }

  /** A copy with other providers. */
  public SimulationSettings withProviders(Set<String> chosen) {
    return new SimulationSettings(
        seed, messages, tenants, usersPerTenant, now, chosen, duplicates, reorderings, invalid);
  }

  /** A copy with another number of users per tenant. */
  public SimulationSettings withUsersPerTenant(int users) {
    return new SimulationSettings(
        seed, messages, tenants, users, now, providers, duplicates, reorderings, invalid);
  }

  /** A copy with other fault probabilities. */
  public SimulationSettings withFaults(
      double duplicateEvents, double reorderedMessages, double invalidMessages) {
    return new SimulationSettings(
        seed,
        messages,
        tenants,
        usersPerTenant,
        now,
        providers,
        duplicateEvents,
        reorderedMessages,
        invalidMessages);
  }

  private static void requireProbability(String name, double value) {
    require(value >= 0 && value <= 1, name + " is " + value + ", must be between 0 and 1");
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
