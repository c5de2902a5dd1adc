package io.postflight.devstack.simulator;

import java.util.List;
import java.util.Set;

/**
 * What is simulated. The same settings give the same webhooks, byte for byte.
 *
 * @param seed of everything that is drawn
 * @param messages how many lives, messages and actions together; at least 0
 * @param tenants ids of the tenants, at least one
 * @param usersPerTenant how many people a tenant writes to, at least 1; few of them get most
 * @param now epoch milliseconds; all event times are within the 50 minutes before
 * @param providers some of {@link #ALL_PROVIDERS}, at least one
 * @param duplicates probability that an event is told again, 0 to 1
 * @param reorderings probability that a life's events come in another order, 0 to 1
 * @param mistakes probability that a life is something put wrong on purpose, 0 to 1
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
    double mistakes) {
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
    requireProbability("mistakes", mistakes);
  }

  /** All providers, 5 % of events twice, 10 % of lives out of order, 1 % of lives a mistake. */
  public static SimulationSettings of(long seed, long messages, List<String> tenants, long now) {
    return new SimulationSettings(
        seed, messages, tenants, 1_000, now, ALL_PROVIDERS, 0.05, 0.1, 0.01);
  }

  /** The same with other providers. */
  public SimulationSettings withProviders(Set<String> chosen) {
    return new SimulationSettings(
        seed, messages, tenants, usersPerTenant, now, chosen, duplicates, reorderings, mistakes);
  }

  /** The same with another number of people per tenant. */
  public SimulationSettings withUsersPerTenant(int users) {
    return new SimulationSettings(
        seed, messages, tenants, users, now, providers, duplicates, reorderings, mistakes);
  }

  /** The same with other probabilities of what goes wrong. */
  public SimulationSettings withFaults(
      double duplicateEvents, double reorderedLives, double mistakenLives) {
    return new SimulationSettings(
        seed,
        messages,
        tenants,
        usersPerTenant,
        now,
        providers,
        duplicateEvents,
        reorderedLives,
        mistakenLives);
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
