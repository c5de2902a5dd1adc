package io.postflight.store.cql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Columns of tables and fields of types, as {@code CREATE} statements name them: one per line,
 * before the primary key.
 */
final class SchemaMembers {
  private static final Pattern CREATE =
      Pattern.compile("CREATE (TYPE|TABLE) IF NOT EXISTS ([a-z0-9_.]+) \\(");
  private static final Pattern MEMBER = Pattern.compile("\\s*([a-z][a-z0-9_]*) ([a-z].*?),?\\s*");

  private SchemaMembers() {}

  /**
   * The statements that add the missing members of an existing table or type; columns of the
   * primary key are not included, since they cannot be added.
   *
   * @param create a {@code CREATE} statement
   * @param present lower-case names of the existing members, by {@code "TYPE ks.name"} or {@code
   *     "TABLE ks.name"}; an object that is not in it is skipped
   */
  static List<String> additions(String create, Map<String, Set<String>> present) {
    Matcher head = CREATE.matcher(create);
    List<String> additions = new ArrayList<>();
    if (!head.find()) {
      return additions;
    }
    String object = head.group(1) + " " + head.group(2);
    Set<String> members = present.get(object);
    if (members == null) {
      return additions;
    }
    for (String line : create.substring(head.end()).lines().toList()) {
      Matcher member = MEMBER.matcher(line);
      if (line.strip().startsWith("PRIMARY KEY") || line.strip().startsWith(")")) {
        break;
      }
      if (member.matches() && !members.contains(member.group(1).toLowerCase(Locale.ROOT))) {
        additions.add("ALTER %s ADD %s %s".formatted(object, member.group(1), member.group(2)));
      }
    }
    return additions;
  }
}
