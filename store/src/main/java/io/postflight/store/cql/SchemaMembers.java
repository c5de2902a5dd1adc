package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.metadata.Metadata;
import io.postflight.store.StoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Columns of tables and fields of types, as {@code CREATE} statements name them: one per line,
 * before the primary key.
 */
final class SchemaMembers {
  private static final Pattern CREATE =
      Pattern.compile("CREATE (TYPE|TABLE) IF NOT EXISTS ([a-z0-9_]+)\\.([a-z0-9_]+) \\(");
  private static final Pattern MEMBER = Pattern.compile("\\s*([a-z][a-z0-9_]*) ([a-z].*?),?\\s*");

  private SchemaMembers() {}

  /**
   * The statements that add the missing members of an existing table or type; columns of the
   * primary key are not included, since they cannot be added.
   *
   * @param create a {@code CREATE} statement
   * @param present names of the existing members, fields in their order, by {@code "TYPE ks.name"}
   *     or {@code "TABLE ks.name"}; an object that is not in it is skipped
   * @throws StoreException FATAL if a type has other fields, or the same in another order
   */
  static List<String> additions(String create, Map<String, ? extends Collection<String>> present) {
    Matcher head = CREATE.matcher(create);
    if (!head.find()) {
      return List.of();
    }
    String name = head.group(2) + "." + head.group(3);
    String object = head.group(1) + " " + name;
    Collection<String> members = present.get(object);
    if (members == null) {
      return List.of();
    }
    Map<String, String> declared = members(create, head);
    if (head.group(1).equals("TYPE")) {
      requireOrder(name, List.copyOf(declared.keySet()), List.copyOf(members));
    }
    List<String> additions = new ArrayList<>();
    declared.forEach(
        (member, type) -> {
          if (!members.contains(member)) {
            additions.add("ALTER %s ADD %s %s".formatted(object, member, type));
          }
        });
    return additions;
  }

  /**
   * Requires that the existing types have all fields, where {@link CellBytes} writes them.
   *
   * @param creates the {@code CREATE} statements of the types
   * @throws StoreException FATAL if one has not
   */
  static void requireFields(List<String> creates, Metadata metadata) {
    for (String create : creates) {
      Matcher head = CREATE.matcher(create);
      if (head.find()) {
        metadata
            .getKeyspace(CqlIdentifier.fromInternal(head.group(2)))
            .flatMap(keyspace -> keyspace.getUserDefinedType(head.group(3)))
            .ifPresent(
                type ->
                    requireAll(
                        head.group(2) + "." + head.group(3),
                        List.copyOf(members(create, head).keySet()),
                        type.getFieldNames().stream().map(CqlIdentifier::asInternal).toList()));
      }
    }
  }

  private static void requireAll(String type, List<String> declared, List<String> present) {
    requireOrder(type, declared, present);
    if (present.size() < declared.size()) {
      throw otherFields(type, declared, present, "apply the schema");
    }
  }

  /**
   * Requires that fields that a type and its declaration have at one position are the same: they
   * are written by position, and can be added at the end only. More fields than declared are those
   * of a later version.
   */
  private static void requireOrder(String type, List<String> declared, List<String> present) {
    int common = Math.min(declared.size(), present.size());
    if (!declared.subList(0, common).equals(present.subList(0, common))) {
      throw otherFields(
          type,
          declared,
          present,
          "fields are written by position, so drop the type if no table uses it and apply the"
              + " schema, or configure another keyspace");
    }
  }

  private static StoreException otherFields(
      String type, List<String> declared, List<String> present, String remedy) {
    return new StoreException(
        StoreException.Kind.FATAL,
        "type %s has the fields %s; this version requires %s: %s"
            .formatted(type, present, declared, remedy));
  }

  /** Types by name, in order. */
  private static Map<String, String> members(String create, Matcher head) {
    Map<String, String> members = new LinkedHashMap<>();
    for (String line : create.substring(head.end()).lines().toList()) {
      Matcher member = MEMBER.matcher(line);
      if (line.strip().startsWith("PRIMARY KEY") || line.strip().startsWith(")")) {
        break;
      }
      if (member.matches()) {
        members.put(member.group(1), member.group(2));
      }
    }
    return members;
  }
}
