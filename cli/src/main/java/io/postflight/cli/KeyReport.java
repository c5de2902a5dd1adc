package io.postflight.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.postflight.cli.output.JsonLines;
import io.postflight.schema.tenant.ApiKey;
import io.postflight.schema.tenant.Tenant;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a tenant's keys. */
final class KeyReport {
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Change(
      String tenant, @Nullable String apiKey, List<String> valid, List<String> ended) {}

  private final PrintStream out;
  private final boolean json;

  KeyReport(PrintStream out, boolean json) {
    this.out = out;
    this.json = json;
  }

  /**
   * Prints what changed.
   *
   * @param made the new key, which is shown only now; null: none was made
   */
  void print(Tenant before, Tenant after, @Nullable String made) {
    List<String> ended = ids(before).stream().filter(id -> !ids(after).contains(id)).toList();
    if (json) {
      new JsonLines(out).printValue(new Change(after.getId(), made, ids(after), ended));
      return;
    }
    if (made != null) {
      out.println("API key of " + after.getId() + ", shown only once: " + made);
    }
    ended.forEach(id -> out.println("ended: " + id));
    out.println("valid: " + (ids(after).isEmpty() ? "none" : String.join(", ", ids(after))));
  }

  private static List<String> ids(Tenant tenant) {
    return tenant.getKeys().stream().map(ApiKey::getId).toList();
  }
}
