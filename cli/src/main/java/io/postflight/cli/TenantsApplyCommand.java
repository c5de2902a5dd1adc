package io.postflight.cli;

import io.postflight.operations.admin.AppliedTenant;
import io.postflight.operations.admin.TenantAdmin;
import io.postflight.operations.admin.TenantFile;
import io.postflight.settings.DeploymentSettings;
import java.nio.file.Path;
import java.util.StringJoiner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds and changes tenants from a file. */
@Command(
    name = "apply",
    mixinStandardHelpOptions = true,
    description = {
      "Adds and changes tenants from a HOCON or JSON file. Idempotent; whatever is not in the file"
          + " is kept: tenants, fields, secrets and API keys. A secret that is null in the file is"
          + " removed; 'keys revoke' revokes a key. A new tier applies to new messages, while the"
          + " old one remains readable; a new number of shards applies after ten minutes.",
      "",
      "The whole file is validated first: if anything is invalid, nothing is written and the"
          + " exit code is 2.",
      ""
    },
    footer = {
      "",
      "A file, in which $${NAME} is an environment variable:",
      "  tenants {",
      "    acme {",
      "      tier = 30d",
      "      timelineShards = 4        # 1 to 256; default: 1",
      "      listingShards = 16        # 1 to 256; default: 1",
      "      secrets.whatsapp { appSecret = $${ACME_APP_SECRET}, verifyToken = $${ACME_VERIFY} }",
      "    }",
      "  }",
      "",
      "Examples:",
      "  postflight tenants apply tenants.conf --dry-run",
      "  postflight tenants apply tenants.conf"
    })
final class TenantsApplyCommand extends ServerCommand {
  @Option(names = "--dry-run", description = "Shows what would be done, without changes.")
  boolean dryRun;

  @Option(names = "--json", description = "As JSON lines, one per tenant of the file.")
  boolean json;

  @Parameters(paramLabel = "FILE", description = "The file.")
  Path file = Path.of("");

  @Override
  public Integer call() {
    DeploymentSettings settings = settings();
    TenantFile requested = TenantFile.read(environment().resolve(file), environment().variables());
    try (TenantAdmin tenants = tenants(settings)) {
      requested
          .apply(tenants, environment().clock().millis(), dryRun)
          .forEach(each -> show(each, json, this::print));
    }
    return ExitCodes.DONE;
  }

  private void print(AppliedTenant tenant) {
    String keys =
        !dryRun && tenant.lacksKey()
            ? "; it has no API key yet: postflight keys create --tenant " + tenant.id()
            : "";
    out()
        .printf(
            "%-24s %s%s%s%s%n",
            tenant.id(), tenant.outcome(), fields(tenant), dryRun ? " (dry run)" : "", keys);
  }

  /** The fields of a changed tenant, each with what happened to it. */
  private static String fields(AppliedTenant tenant) {
    if (!tenant.outcome().equals("changed")) {
      return "";
    }
    StringJoiner fields = new StringJoiner(", ", ": ", "");
    tenant.added().forEach(field -> fields.add(field + " added"));
    tenant.changed().forEach(field -> fields.add(field + " changed"));
    tenant.removed().forEach(field -> fields.add(field + " removed"));
    return fields.toString();
  }
}
