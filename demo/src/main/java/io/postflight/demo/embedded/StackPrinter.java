package io.postflight.demo.embedded;

import java.io.PrintStream;
import java.nio.file.Path;

/** Prints the addresses of a running stack, and example requests. */
public final class StackPrinter {
  private StackPrinter() {}

  /** A stack of {@code dev}. */
  public static void printReady(Endpoints endpoints, Path file, Path log, PrintStream out) {
    out.println("Ready.");
    out.println("  http       " + (endpoints.servesHttp() ? endpoints.http() : "(not served)"));
    if (endpoints.status() != null) {
      out.println("  status     " + endpoints.status() + "/health/status");
    }
    out.println("  kafka      " + endpoints.kafka());
    out.println("  registry   " + endpoints.registry());
    endpoints.cql().values().stream()
        .findFirst()
        .ifPresent(cql -> out.println("  cql        " + cql.host() + ":" + cql.port()));
    endpoints
        .tenants()
        .forEach(
            tenant ->
                out.printf(
                    "  tenant     %-8s %-4s %s%n", tenant.id(), tenant.tier(), tenant.apiKey()));
    out.println("  endpoints  " + file);
    out.println("  log        " + log);
    out.println("Stop it with Ctrl-C.");
  }

  /** Example requests for the shell. */
  public static void printExamples(Endpoints endpoints, Path file, PrintStream out) {
    Endpoints.TenantAccess acme = endpoints.tenant("acme").orElseThrow();
    String curl = "  curl -s -H 'Authorization: Bearer " + acme.apiKey() + "' '" + endpoints.http();
    out.println();
    out.println("Still running; addresses, keys and secrets are in " + file);
    out.println("Try:");
    out.println(curl + "/v1/messages/wamid.POSTFLIGHT.BUNDLED.ANSWER%3D%3D'");
    out.println(curl + "/v1/users/593981110001/timeline?limit=5'");
    out.println(curl + "/v1/users/593981110001/last'");
    out.println(curl + "/v1/messages?status=FAILED&limit=3'");
    if (endpoints.status() != null) {
      out.println("  curl -s '" + endpoints.status() + "/health/status'");
      out.println("  curl -s '" + endpoints.status() + "/metrics' | grep ^postflight_");
    }
    out.println("Stop it with Ctrl-C.");
  }
}
