package io.postflight.operations.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.postflight.schema.tenant.ApiKey;
import io.postflight.schema.tenant.Tenant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of a tenant's API keys.
 *
 * @param tenant the tenant
 * @param apiKey the created key, which is shown only now; null: none was created
 * @param valid ids of the keys that are valid
 * @param ended ids of the keys that were valid before
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record KeyChange(
    String tenant, @Nullable String apiKey, List<String> valid, List<String> ended) {
  /** The change from one record of a tenant to another. */
  public static KeyChange of(Tenant before, Tenant after, @Nullable String created) {
    List<String> valid = ids(after);
    List<String> ended = ids(before).stream().filter(id -> !valid.contains(id)).toList();
    return new KeyChange(after.getId(), created, valid, ended);
  }

  private static List<String> ids(Tenant tenant) {
    return tenant.getKeys().stream().map(ApiKey::getId).toList();
  }
}
