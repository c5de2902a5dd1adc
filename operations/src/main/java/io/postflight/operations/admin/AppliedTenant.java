package io.postflight.operations.admin;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.postflight.schema.tenant.Tenant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The result of applying a tenant of a {@link TenantFile}. Fields are named as in the file, such as
 * {@code secrets.whatsapp.appSecret}; their values are not shown.
 *
 * @param id the tenant
 * @param outcome added, changed or unchanged
 * @param dryRun whether it would be done
 * @param added new fields
 * @param changed fields with another value
 * @param removed fields that the tenant no longer has
 * @param lacksKey whether the tenant has no API key
 */
@JsonIgnoreProperties("lacksKey")
public record AppliedTenant(
    String id,
    String outcome,
    boolean dryRun,
    List<String> added,
    List<String> changed,
    List<String> removed,
    boolean lacksKey) {
  /**
   * Compares two records of a tenant.
   *
   * @param before null: the tenant does not exist
   */
  static AppliedTenant of(@Nullable Tenant before, Tenant after, boolean dryRun) {
    Map<String, Object> old = before == null ? Map.of() : fields(before);
    Map<String, Object> present = fields(after);
    TreeSet<String> removed = new TreeSet<>(old.keySet());
    removed.removeAll(present.keySet());
    List<String> added =
        present.keySet().stream().filter(field -> !old.containsKey(field)).toList();
    List<String> changed =
        present.entrySet().stream()
            .filter(
                field ->
                    !field.getValue().equals(old.getOrDefault(field.getKey(), field.getValue())))
            .map(Map.Entry::getKey)
            .toList();
    String outcome = before == null ? "added" : after.equals(before) ? "unchanged" : "changed";
    return new AppliedTenant(
        after.getId(),
        outcome,
        dryRun,
        added,
        changed,
        List.copyOf(removed),
        after.getKeys().isEmpty());
  }

  private static Map<String, Object> fields(Tenant tenant) {
    Map<String, Object> fields = new TreeMap<>();
    fields.put("tier", tenant.getTiers());
    fields.put("timelineShards", tenant.getTimelineShards());
    fields.put("listingShards", tenant.getListingShards());
    tenant.getKeys().forEach(key -> fields.put("keys." + key.getId(), key));
    tenant
        .getSecrets()
        .forEach(
            (provider, secrets) ->
                secrets.forEach(
                    (name, value) -> fields.put("secrets." + provider + "." + name, value)));
    return fields;
  }
}
